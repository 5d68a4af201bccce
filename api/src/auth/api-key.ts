import { createHash, timingSafeEqual } from 'node:crypto';

/** The shape of a key: a UUID, version 4, 36 characters. */
export const API_KEY_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Enough of a key to tell two apart in a log, too little to use it. */
export function maskKey(key: string): string {
  return API_KEY_PATTERN.test(key) ? `${key.slice(0, 4)}…${key.slice(-4)}` : '(malformed)';
}

/** Knows the valid keys by digest only, and compares each of them whatever the first ones gave. */
export class ApiKeyRing {
  readonly #digests: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.#digests = keys.map(digestOf);
  }

  has(key: string): boolean {
    const digest = digestOf(key);
    let found = false;
    for (const known of this.#digests) {
      if (timingSafeEqual(known, digest)) found = true;
    }
    return found;
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key.toLowerCase()).digest();
}
