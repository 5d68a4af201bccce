import type { Localize } from '../platform/localize.ts';

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

/** As in "2 h 5 min". Coarse, so that rows change at most once a minute. */
export function durationText(ms: number, localize: Localize): string {
  if (ms < MINUTE) return localize('under 1 min');
  if (ms < HOUR) return localize('{0} min', Math.floor(ms / MINUTE));
  if (ms >= DAY) return localize('{0} d', Math.floor(ms / DAY));
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const hours = Math.floor(ms / HOUR);
  return minutes === 0 ? localize('{0} h', hours) : localize('{0} h {1} min', hours, minutes);
}
