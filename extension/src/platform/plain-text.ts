import type { Localize } from './localize.ts';

/** Line breaks, other controls, and marks that turn the direction of writing: with them a row could pass for another. */
const DECEIVING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]+/gu;

const MOST_NAMES = 5;

/** Names in a sentence: the first five, and how many more there are. */
export function plainNames(names: readonly string[], localize: Localize): string {
  const named = names.slice(0, MOST_NAMES).map((name) => plainText(name));
  const more = names.length - named.length;
  return more > 0 ? localize('{0} and {1} more', named.join(', '), more) : named.join(', ');
}

/** What others wrote, on one line of a bounded length. */
export function plainText(text: string, most = 120): string {
  const line = text.replace(DECEIVING, ' ').trim();
  if (line.length <= most) return line;
  // Never cuts a character in two.
  return `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The same, cut between two words where that leaves most of it. */
export function shortText(text: string, most: number): string {
  const line = plainText(text, Number.POSITIVE_INFINITY);
  if (line.length <= most) return line;
  const lastBlank = line.slice(0, most).lastIndexOf(' ');
  return lastBlank > most / 2 ? `${line.slice(0, lastBlank)}…` : plainText(line, most);
}

/**
 * The editor makes links of `[text](command:…)` in notifications, also of progress, and runs the command at a click.
 * What others wrote must not become one.
 */
export function withoutLinks(message: string): string {
  return message.replaceAll('](', '] (');
}
