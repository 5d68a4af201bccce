const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const CREDENTIALS = /mongodb(?:\+srv)?:\/\/[^\s/@]+:[^\s/]+@/i;

export interface Leak {
  /** Never the secret itself: a failure is printed where everybody reads it. */
  what: 'an API key' | 'credentials of a database' | 'a planted secret';
  line: string;
}

/** Reads every line of a log for what must not be in any, and remembers what it found. */
export class SecretWatch {
  readonly #keys = new Set<string>();
  readonly #words = new Set<string>();
  readonly #leaks: Leak[] = [];
  #lines = 0;

  addKeys(keys: readonly string[]): void {
    for (const key of keys) this.#keys.add(key.toLowerCase());
  }

  /** A text that only a secret of the test holds. */
  addWord(word: string): void {
    this.#words.add(word);
  }

  read(line: string): void {
    this.#lines++;
    // Keys are looked up rather than searched for: a run makes hundreds of them and a million lines.
    const uuids = line.match(UUID) ?? [];
    if (uuids.some((uuid) => this.#keys.has(uuid.toLowerCase()))) this.#leaks.push({ what: 'an API key', line });
    if (CREDENTIALS.test(line)) this.#leaks.push({ what: 'credentials of a database', line });
    for (const word of this.#words) {
      if (line.includes(word)) this.#leaks.push({ what: 'a planted secret', line });
    }
  }

  get leaks(): readonly Leak[] {
    return this.#leaks;
  }

  get lines(): number {
    return this.#lines;
  }
}

/** The password of the database that every API of the tests is configured with. */
export const PLANTED_PASSWORD = 'planted-password-that-no-line-may-show';

/** Reads all that is logged in this run of mocha. */
export const secretWatch = new SecretWatch();
secretWatch.addWord(PLANTED_PASSWORD);
