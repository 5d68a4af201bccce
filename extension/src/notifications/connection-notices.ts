import type { Connection, ConnectionState } from '../connection/connection.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { ApiKeys } from '../settings/api-keys.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import type { Notice, NoticeAction, Notifier, RunCommand } from './notifier.ts';

export interface ConnectionNoticesParts {
  readonly connection: Pick<Connection, 'state' | 'address' | 'onDidChange'>;
  readonly keys: Pick<ApiKeys, 'onDidChange'>;
  readonly settings: Pick<SettingsSource, 'problems'>;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
}

/** Tells once what a person has to mend: a key, an address. What mends itself goes to the log. */
export class ConnectionNotices implements Disposable {
  readonly #parts: ConnectionNoticesParts;
  readonly #owned = new Disposables();
  readonly #told = new Set<string>();

  constructor(parts: ConnectionNoticesParts) {
    this.#parts = parts;
    this.#owned.add(parts.connection.onDidChange((state) => this.#look(state)));
    this.#owned.add(parts.keys.onDidChange(() => this.#told.delete('key')));
    this.#look(parts.connection.state);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #look(state: ConnectionState): void {
    const { localize, log } = this.#parts;
    switch (state.kind) {
      case 'unused':
      case 'connecting':
        return;
      case 'online':
        log.info(`Connected to ${this.#where}.`);
        return;
      case 'offline':
        log.warn(`The API cannot be reached: ${state.reason}`);
        return;
      case 'key-refused':
        log.warn(`The API refused the key: ${state.reason}`);
        return this.#once('key', {
          // A warning: an error with a button stays on the screen, also when another key is accepted meanwhile.
          severity: 'warning',
          message: localize('{0} refused the API key. Nothing is sent until there is another one.', this.#where),
          actions: [this.#setKey()],
        });
      case 'key-missing':
        log.warn('There is no API key.');
        return this.#once('key', {
          severity: 'warning',
          message: localize('There is no API key for the remote API. Set one, or use the local server.'),
          actions: [
            this.#setKey(),
            this.#action(localize('Open Setting'), 'workbench.action.openSettings', '@id:claudeProjects.server.mode'),
          ],
        });
      case 'not-our-api':
        log.error(`What answers at ${this.#where} is not a Claude Projects API: ${state.reason}`);
        return this.#once(`stranger ${this.#where}`, {
          severity: 'error',
          message: localize('{0} is not a Claude Projects API ({1}).', this.#where, state.reason),
          actions: [
            this.#action(localize('Open Setting'), 'workbench.action.openSettings', '@id:claudeProjects.apiBaseUrl'),
            this.#action(localize('Show Log'), 'claudeProjects.showLog'),
          ],
        });
      case 'unusable':
        log.error(`The API cannot be used: ${state.reason}`);
        // A wrong address was told of as such already.
        if (this.#parts.settings.problems.some(({ setting }) => setting === 'claudeProjects.apiBaseUrl')) return;
        return this.#once(`unusable ${state.reason}`, {
          severity: 'error',
          message: localize('Sessions cannot be tracked here: {0}', state.reason),
          actions: [
            this.#action(localize('Show Log'), 'claudeProjects.showLog'),
            this.#action(localize('Open Setting'), 'workbench.action.openSettings', '@id:claudeProjects.server.mode'),
          ],
        });
      default:
        state satisfies never;
    }
  }

  get #where(): string {
    return this.#parts.connection.address?.baseUrl ?? this.#parts.localize('The API');
  }

  #once(what: string, notice: Notice): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#parts.notifier.notify(notice);
  }

  /** A notice cannot be taken back: whoever presses its button later is told if a key was accepted since. */
  #setKey(): NoticeAction {
    const { connection, notifier, run, localize } = this.#parts;
    return {
      label: localize('Set API Key'),
      run: () => {
        const isAccepted = connection.state.kind === 'online' && connection.address?.mode === 'remote';
        if (!isAccepted) return run('claudeProjects.setApiKey');
        const message = localize('{0} accepts the new API key.', this.#where);
        return notifier.notify({ severity: 'info', message, actions: [] });
      },
    };
  }

  #action(label: string, command: string, ...args: readonly unknown[]) {
    return { label, run: () => this.#parts.run(command, ...args) };
  }
}
