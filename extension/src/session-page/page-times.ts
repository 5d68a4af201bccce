import { agoText } from '../platform/ages.ts';
import type { Localize } from '../platform/localize.ts';
import { type Html, html } from './html.ts';

/** Where and when the reader is. */
export interface Reader {
  readonly now: number;
  /** As in `de-CH`. */
  readonly locale: string;
  /** That of the machine unless given. */
  readonly timeZone?: string;
  readonly localize: Localize;
}

export function timeText(timestamp: string, { now, locale, timeZone }: Reader): string {
  const at = Date.parse(timestamp);
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(at);
  const isToday = day.format(at) === day.format(now);
  return isToday ? time : `${day.format(at)}, ${time}`;
}

/** As in "14:03 · 2 h ago", with the whole time as a hint. */
export function timeWithAge(timestamp: string, reader: Reader): Html {
  const age = agoText(Math.max(0, reader.now - Date.parse(timestamp)), reader.localize);
  return html`${timeOnly(timestamp, reader)} <span class="quiet">· ${age}</span>`;
}

export function timeOnly(timestamp: string, reader: Reader): Html {
  const { locale, timeZone } = reader;
  const whole = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long', timeZone });
  return html`<time datetime="${timestamp}" title="${whole.format(Date.parse(timestamp))}">${timeText(timestamp, reader)}</time>`;
}
