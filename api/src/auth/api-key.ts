import { hash, timingSafeEqual } from 'node:crypto';

/** The shape of a key: a UUID, version 4, 36 characters. */
export const API_KEY_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Enough of a key to tell two apart in a log, too little to use it. */
export function maskKey(key: string): string {
  return API_KEY_PATTERN.test(key) ? `${key.slice(0, 4)}…${key.slice(-4)}` : '(malformed)';
}

interface KnownKey {
  readonly digest: Buffer;
  readonly id: string;
}

/** Knows the valid keys by digest only, and compares each of them whatever the first ones gave. */
export class ApiKeyRing {
  readonly #keys: readonly KnownKey[];

  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => {
      const digest = digestOf(key);
      // Half of the digest: tells keys apart for certain, and nobody finds the key that it belongs to.
      return { digest, id: digest.toString('hex', 0, 16) };
    });
  }

  /** What may be kept and passed on in the place of a valid key; undefined where it is not one. */
  idOf(key: string): string | undefined {
    const digest = digestOf(key);
    let id: string | undefined;
    for (const known of this.#keys) {
      if (timingSafeEqual(known.digest, digest)) id = known.id;
    }
    return id;
  }
}

function digestOf(key: string): Buffer {
  return hash('sha256', key.toLowerCase(), 'buffer');
}
