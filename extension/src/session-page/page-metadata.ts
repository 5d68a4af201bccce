import type { Localize } from '../platform/localize.ts';
import { type Html, html, joined } from './html.ts';

/** Metadata may be nested as deep as JSON can be. */
const DEEPEST = 4;

/** A list of names and values. A nested object is a list in the list. */
export function metadataList(entries: readonly (readonly [string, unknown])[], localize: Localize, depth = 1): Html {
  const rows = entries.map(
    ([name, value]) =>
      html`<div class="fact"><dt>${wordsOf(name)}</dt><dd>${valueOf(value, localize, depth)}</dd></div>`,
  );
  return html`<dl class="facts">${joined(rows)}</dl>`;
}

/** As in `Claude session id`, for `claude_session_id`. */
function wordsOf(name: string): string {
  const words = name.replaceAll(/[_\s]+/g, ' ').trim();
  return words === '' ? '“”' : words.charAt(0).toUpperCase() + words.slice(1);
}

function valueOf(value: unknown, localize: Localize, depth: number): Html {
  if (value === null || value === undefined || value === '')
    return html`<span class="quiet">${localize('nothing')}</span>`;
  if (typeof value === 'boolean') return html`${value ? localize('yes') : localize('no')}`;
  if (typeof value === 'string' || typeof value === 'number') return html`<span class="text">${value}</span>`;
  if (depth > DEEPEST) return html`<code class="text">${JSON.stringify(value)}</code>`;
  if (!Array.isArray(value)) return metadataList(Object.entries(value), localize, depth + 1);
  const items: readonly unknown[] = value;
  return html`<ul>${joined(items.map((item) => html`<li>${valueOf(item, localize, depth + 1)}</li>`))}</ul>`;
}
