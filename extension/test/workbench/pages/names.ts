/** Matches an accessible name that begins with the words and does not go on in the middle of one. */
export function startsWithWords(words: string): RegExp {
  return new RegExp(`^${words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\w-])`);
}
