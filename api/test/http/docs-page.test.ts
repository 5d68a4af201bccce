import assert from 'node:assert/strict';
import { Script } from 'node:vm';
import type { OpenApiDocument } from '@claude-projects/shared/contract';
import { docsPage } from '../../src/docs/docs-page.ts';
import { openApiDocument } from '../../src/docs/openapi.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { RawClient, type RawReply } from './support/raw-client.ts';

const HOSTILE = `</title></script><script>alert(1)</script><!--<script>"'&\u2028\u2029 $& $1 \${x}`;

describe('the docs page', () => {
  let api: TestApi;
  let client: RawClient;
  let reply: RawReply;
  before(async () => {
    api = await startTestApi();
    client = new RawClient(api.url);
    reply = await client.send({ method: 'GET', path: '/api/docs' });
  });
  after(async () => {
    client.close();
    await api.close();
  });

  it('is HTML, for anyone to read', () => {
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(reply.text, /^<!doctype html>\n<html lang="en">/);
    assert.match(reply.text, /<\/html>\n$/);
  });

  it('loads nothing from anywhere', () => {
    assert.doesNotMatch(reply.text, /\b(src|srcset|action|poster|data)\s*=\s*["']?/i);
    assert.doesNotMatch(reply.text, /<(link|iframe|img|object|embed|base)\b/i);
    assert.doesNotMatch(reply.text, /@import|url\(/i);
    assert.doesNotMatch(reply.text, /\bimport\s*\(|\bimport\s+["'{*]/);
    const links = [...reply.text.matchAll(/href\s*=\s*"([^"]*)"/g)].map(([, target]) => target);
    assert.deepEqual(links, ['docs-json']);
  });

  it('says in its content security policy that nothing may be loaded', () => {
    const policy = reply.headers['content-security-policy'];
    assert.equal(typeof policy, 'string');
    const directives = new Map(
      String(policy)
        .split(';')
        .map((directive) => directive.trim().split(/\s+/))
        .map(([name = '', ...sources]) => [name, sources]),
    );
    assert.deepEqual(directives.get('default-src'), ["'none'"]);
    assert.deepEqual(directives.get('connect-src'), ["'self'"]);
    assert.deepEqual(directives.get('base-uri'), ["'none'"]);
    assert.deepEqual(directives.get('form-action'), ["'none'"]);
    assert.deepEqual(directives.get('frame-ancestors'), ["'none'"]);
    for (const sources of directives.values()) {
      for (const source of sources) assert.match(source, /^'(none|self|unsafe-inline|sha256-[\w+/=]+)'$/);
    }
  });

  it('holds the whole document', () => {
    assert.deepEqual(embeddedDocument(reply.text), JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('is a script that parses', () => {
    const source = /<script>([\s\S]*?)<\/script>/.exec(reply.text)?.[1];
    assert.ok(source);
    assert.doesNotThrow(() => new Script(source));
  });

  it('cannot be broken out of by anything the document says', () => {
    const document: OpenApiDocument = {
      ...openApiDocument(),
      info: { title: HOSTILE, version: HOSTILE, description: HOSTILE },
      paths: { [`/${HOSTILE}`]: { get: { summary: HOSTILE } } },
    };
    const page = docsPage(document);
    assert.equal(page.match(/<script\b/gi)?.length, 2);
    assert.equal(page.match(/<\/script/gi)?.length, 2);
    assert.equal(page.match(/<\/title/gi)?.length, 1);
    assert.ok(!page.includes('<!--'));
    assert.deepEqual(embeddedDocument(page), document);
  });
});

function embeddedDocument(page: string): unknown {
  const json = /<script type="application\/json" id="openapi">([\s\S]*?)<\/script>/.exec(page)?.[1];
  assert.ok(json);
  return JSON.parse(json);
}
