import type { Localize } from '../platform/localize.ts';
import { agoText } from '../tree/ages.ts';
import { type Html, html } from './html.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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

/** As in "1 h 12 min": two units at most, and no seconds once there are minutes. */
export function durationText(durationMs: number, localize: Localize): string {
  const ms = Math.max(0, durationMs);
  const minutes = Math.floor(ms / MINUTE);
  const hours = Math.floor(ms / HOUR);
  const days = Math.floor(ms / DAY);
  const restOf = (amount: number, text: string) => (amount === 0 ? '' : ` ${text}`);
  if (minutes === 0) return localize('{0} s', Math.floor(ms / 1000));
  if (hours === 0) return localize('{0} min', minutes);
  if (days === 0) return localize('{0} h', hours) + restOf(minutes % 60, localize('{0} min', minutes % 60));
  return localize('{0} d', days) + restOf(hours % 24, localize('{0} h', hours % 24));
}
