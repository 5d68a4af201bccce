import type { ServerEndpoint } from '../local-server/endpoint.ts';
import { LocalServerError, needsPerson } from '../local-server/local-server-error.ts';
import type { LocalServerState } from '../local-server/local-server-state.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import type { Settings } from '../settings/settings.ts';
import type { Endpoint, EndpointSource } from './endpoint-source.ts';

export interface ChosenEndpointParts {
  readonly settings: { readonly current: Settings; readonly onDidChange: Event<Settings> };
  readonly keys: { get(): Promise<string | undefined>; readonly onDidChange: Event<void> };
  readonly localServer: {
    ensure(signal: AbortSignal): Promise<ServerEndpoint>;
    reportUnreachable(instance?: string): void;
    readonly onDidChange: Event<LocalServerState>;
  };
  readonly onFault: (error: unknown) => void;
}

/** The remote API where a key is known, else the local server; or the one that the setting names. */
export class ChosenEndpoint implements EndpointSource, Disposable {
  readonly #parts: ChosenEndpointParts;
  readonly #owned = new Disposables();
  readonly #changed: Emitter<void>;
  #localInstance: string | undefined;
  #resolving = 0;

  constructor(parts: ChosenEndpointParts) {
    this.#parts = parts;
    this.#changed = this.#owned.add(new Emitter(parts.onFault));
    let { serverMode, apiBaseUrl } = parts.settings.current;
    this.#owned.add(
      parts.settings.onDidChange((settings) => {
        if (settings.serverMode === serverMode && settings.apiBaseUrl === apiBaseUrl) return;
        ({ serverMode, apiBaseUrl } = settings);
        this.#changed.fire();
      }),
    );
    this.#owned.add(parts.keys.onDidChange(() => this.#changed.fire()));
    this.#owned.add(
      parts.localServer.onDidChange((state) => {
        // One that came back by itself, or was restarted by a person; not the one that is being asked for.
        if (state.kind !== 'running' || this.#resolving > 0 || this.#localInstance === undefined) return;
        if (state.instance !== this.#localInstance) this.#changed.fire();
      }),
    );
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  async resolve(signal: AbortSignal): Promise<Endpoint> {
    const { serverMode, apiBaseUrl } = this.#parts.settings.current;
    const apiKey = serverMode === 'local' ? undefined : await this.#parts.keys.get();
    if (serverMode === 'local' || (serverMode === 'auto' && apiKey === undefined)) return this.#local(signal);
    if (apiBaseUrl === undefined) {
      return { kind: 'unusable', reason: 'The setting claudeProjects.apiBaseUrl is wrong.' };
    }
    if (apiKey === undefined) return { kind: 'key-missing' };
    this.#localInstance = undefined;
    return { kind: 'ready', address: { mode: 'remote', baseUrl: apiBaseUrl }, apiKey, instance: apiBaseUrl };
  }

  reportUnreachable(): void {
    if (this.#localInstance !== undefined) this.#parts.localServer.reportUnreachable(this.#localInstance);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #local(signal: AbortSignal): Promise<Endpoint> {
    this.#resolving += 1;
    try {
      const { baseUrl, apiKey, instance } = await this.#parts.localServer.ensure(signal);
      this.#localInstance = instance;
      return { kind: 'ready', address: { mode: 'local', baseUrl }, apiKey, instance };
    } catch (error) {
      if (!(error instanceof LocalServerError)) throw error;
      // Known from now on, so that it is noticed when a person has mended it.
      this.#localInstance ??= '';
      return { kind: needsPerson(error.kind) ? 'unusable' : 'unreachable', reason: error.message };
    } finally {
      this.#resolving -= 1;
    }
  }
}
