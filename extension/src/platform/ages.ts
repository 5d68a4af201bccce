import type { Localize } from './localize.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** As in "2 min ago". Coarse, so that rows change seldom. */
export function agoText(ageMs: number, localize: Localize): string {
  if (ageMs < MINUTE) return localize('just now');
  if (ageMs < HOUR) return localize('{0} min ago', Math.floor(ageMs / MINUTE));
  if (ageMs < DAY) return localize('{0} h ago', Math.floor(ageMs / HOUR));
  return localize('{0} d ago', Math.floor(ageMs / DAY));
}

/** As in "2 h 5 min": two units at most, and seconds only where there are no minutes. */
export function durationText(durationMs: number, localize: Localize): string {
  const ms = Math.max(0, durationMs);
  const minutes = Math.floor(ms / MINUTE) % 60;
  const hours = Math.floor(ms / HOUR) % 24;
  const days = Math.floor(ms / DAY);
  if (ms < MINUTE) return localize('{0} s', Math.floor(ms / SECOND));
  if (ms < HOUR) return localize('{0} min', minutes);
  if (ms < DAY) return minutes === 0 ? localize('{0} h', hours) : localize('{0} h {1} min', hours, minutes);
  return hours === 0 ? localize('{0} d', days) : localize('{0} d {1} h', days, hours);
}

/** The same for rows, which change at most once a minute. */
export function rowDurationText(ms: number, localize: Localize): string {
  return ms < MINUTE ? localize('under 1 min') : durationText(ms, localize);
}
