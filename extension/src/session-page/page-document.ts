import { Html, html, joined } from './html.ts';
import { SECTIONS, type Sections } from './session-page.ts';

export interface PageFrame {
  /** Names the only script that may run. */
  readonly nonce: string;
  readonly style: string;
  readonly script: string;
  readonly locale: string;
  readonly title: string;
  readonly sessionId: string;
}

/** Not a literal part of the template: compilers escape `</script>` there and add a helper at run time. */
const SCRIPT_END = new Html('</script>');

/** The whole document. Its policy allows one style and one script. It is inert until the script has drawn. */
export function pageDocument(sections: Sections, frame: PageFrame): string {
  const { nonce, style, script, locale, title, sessionId } = frame;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  const parts = SECTIONS.map((name) => html`<section id="${name}">${new Html(sections[name])}</section>`);
  return String(html`<!DOCTYPE html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" nonce="${nonce}" href="${style}">
</head>
<body>
<main data-session="${sessionId}" inert>${joined(parts)}</main>
<p id="announcement" class="spoken" role="status"></p>
<script nonce="${nonce}" src="${script}">${SCRIPT_END}
</body>
</html>
`);
}
