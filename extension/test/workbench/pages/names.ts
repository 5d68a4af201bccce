/** Matches an accessible name that begins with the words and does not go on in the middle of one. */
export function startsWithWords(words: string): RegExp {
  return new RegExp(`^${escaped(words)}(?![\\w-])`);
}

/** Matches an accessible name in which the words stand, wherever. */
export function hasWords(words: string): RegExp {
  return new RegExp(`(?<![\\w-])${escaped(words)}(?![\\w-])`);
}

function escaped(words: string): string {
  return words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
