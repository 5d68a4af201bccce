import { createHash } from 'node:crypto';
import type { OpenApiDocument } from '@claude-projects/shared/contract';
import { Controller, Header } from '@nestjs/common';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { docsPage } from './docs-page.ts';
import { PAGE_SCRIPT } from './docs-page-script.ts';
import { PAGE_STYLE } from './docs-page-style.ts';
import { openApiDocument } from './openapi.ts';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is fetched from elsewhere, and nothing runs but what the page came with. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(PAGE_STYLE)}`,
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

@Controller()
export class DocsController {
  #document: OpenApiDocument | undefined;
  #page: string | undefined;

  @Endpoint('getOpenApi')
  document(): OpenApiDocument {
    this.#document ??= openApiDocument();
    return this.#document;
  }

  @Endpoint('getDocsPage')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  page(): string {
    this.#page ??= docsPage(this.document());
    return this.#page;
  }
}
