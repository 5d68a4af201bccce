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
