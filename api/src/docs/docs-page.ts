import type { OpenApiDocument } from '@claude-projects/shared/contract';
import { PAGE_SCRIPT } from './docs-page-script.ts';
import { PAGE_STYLE } from './docs-page-style.ts';

/** One page that holds the whole reference, readable without scripts being loaded from anywhere. */
export function docsPage(document: OpenApiDocument): string {
  const { title, version } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} ${escapeHtml(version)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)} <small>${escapeHtml(version)}</small></h1>
<p id="description"></p>
<p><label>API key <input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="to try requests from this page"></label>
<label>Find <input id="find" type="search" placeholder="a path or a word"></label>
<a href="docs-json">OpenAPI document</a></p>
</header>
<main id="operations"><noscript>This page needs JavaScript. The OpenAPI document is at docs-json.</noscript></main>
<script type="application/json" id="openapi">${embeddable(JSON.stringify(document))}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** JSON inside a script element must not be able to close it. */
function embeddable(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
