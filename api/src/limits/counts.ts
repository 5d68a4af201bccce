/** Counts calls by key, each minute anew. */
export interface Counts {
  /**
   * How many there were of this key in this minute, this one included. A number at once where nobody needs to be
   * asked: a promise for each request would cost more than the counting.
   */
  hit(key: string, minute: number): number | Promise<number>;
}
