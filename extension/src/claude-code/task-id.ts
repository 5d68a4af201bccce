import { createHash } from 'node:crypto';

/** The same for the same task whenever it is told of: a window may die between telling of it and noting that it did. */
export function taskIdOf(sessionId: string, key: string): string {
  const hash = createHash('sha256').update(`${sessionId} ${key}`).digest('hex');
  // In the form that ids have: 122 bits, with a version and a variant.
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
