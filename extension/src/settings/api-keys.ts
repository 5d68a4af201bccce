import { Uuid } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';

export const API_KEY_SECRET = 'claudeProjects.apiKey';
export const API_KEY_VARIABLE = 'CLAUDE_PROJECTS_API_KEY';

/** Where a key comes from, for people. */
export type ApiKeyOrigin = 'stored' | 'environment';

/** The key for the remote API. It is in no setting, no log and no URL. */
export interface ApiKeys {
  get(): Promise<string | undefined>;
  /** Undefined where there is none. */
  origin(): Promise<ApiKeyOrigin | undefined>;
  set(key: string): Promise<void>;
  /** Forgets the stored one; one in the environment holds again. */
  clear(): Promise<void>;
  readonly onDidChange: Event<void>;
}

/** Shaped like the editor's `SecretStorage`, which keeps it in the keychain of the system. */
export interface SecretStore {
  get(name: string): PromiseLike<string | undefined>;
  store(name: string, value: string): PromiseLike<void>;
  delete(name: string): PromiseLike<void>;
  readonly onDidChange: Event<{ readonly key: string }>;
}

/** Whether it could be a key at all: a UUID, version 4. A server refuses any other without looking it up. */
export function isApiKeyShaped(value: string): boolean {
  return z.safeParse(Uuid, value).success;
}

/** A key that somebody stored goes before the one of the environment. */
export class StoredApiKeys implements ApiKeys, Disposable {
  readonly #secrets: SecretStore;
  readonly #variable: string | undefined;
  readonly #owned = new Disposables();
  readonly #changed: Emitter<void>;
  /** The stored key that listeners know of; undefined before any change. */
  #told: { readonly key: string | undefined } | undefined;

  constructor(
    secrets: SecretStore,
    environment: Readonly<Record<string, string | undefined>>,
    onFault: (error: unknown) => void,
  ) {
    this.#secrets = secrets;
    this.#variable = environment[API_KEY_VARIABLE]?.trim() || undefined;
    this.#changed = this.#owned.add(new Emitter(onFault));
    this.#owned.add(
      secrets.onDidChange(({ key }) => {
        if (key === API_KEY_SECRET) this.#lookAgain().catch(onFault);
      }),
    );
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  async get(): Promise<string | undefined> {
    return (await this.#secrets.get(API_KEY_SECRET)) ?? this.#variable;
  }

  async origin(): Promise<ApiKeyOrigin | undefined> {
    if ((await this.#secrets.get(API_KEY_SECRET)) !== undefined) return 'stored';
    return this.#variable === undefined ? undefined : 'environment';
  }

  // The editor's own event comes a moment after these: too late for who uses the new key at once.
  async set(key: string): Promise<void> {
    if (!isApiKeyShaped(key)) throw new RangeError('An API key is a UUID, version 4.');
    await this.#secrets.store(API_KEY_SECRET, key);
    this.#tell(key);
  }

  async clear(): Promise<void> {
    await this.#secrets.delete(API_KEY_SECRET);
    this.#tell(undefined);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Another window may have changed it; or it is what was told already, and telling it twice would start all anew. */
  async #lookAgain(): Promise<void> {
    const key = await this.#secrets.get(API_KEY_SECRET);
    if (this.#told === undefined || this.#told.key !== key) this.#tell(key);
  }

  #tell(key: string | undefined): void {
    this.#told = { key };
    this.#changed.fire();
  }
}
