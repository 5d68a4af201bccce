import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import { isRecoverable } from '../recovery/candidates.ts';
import { isLive } from '../sessions/health.ts';
import type { WindowSessions } from '../sessions/window-sessions.ts';
import type { ApiKeys } from '../settings/api-keys.ts';
import type { SessionsTreeModel } from '../tree/sessions-tree-model.ts';
import { isArchivable } from './archive-session.ts';

/** The context keys by which menus and the palette leave out commands that have nothing to act on. */
export const CONTEXT_KEYS = [
  'claudeProjects.hasArchivable',
  'claudeProjects.hasDeletable',
  'claudeProjects.hasLiveSession',
  'claudeProjects.hasOwnOpenTask',
  'claudeProjects.hasOwnRunningTask',
  'claudeProjects.hasOwnSession',
  'claudeProjects.hasRecoverable',
  'claudeProjects.hasSessions',
  'claudeProjects.hasStoredKey',
  'claudeProjects.isFiltered',
] as const;

type ContextKey = (typeof CONTEXT_KEYS)[number];

export interface CommandContextParts {
  readonly sessions: Pick<WindowSessions, 'all' | 'healthOf' | 'status' | 'onDidChange'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange'>;
  readonly keys: Pick<ApiKeys, 'origin' | 'onDidChange'>;
  readonly model: Pick<SessionsTreeModel, 'filter' | 'onDidChangeSurroundings'>;
  readonly setContext: (key: string, value: boolean) => Thenable<unknown>;
  readonly log: Log;
}

/** Keeps the context keys up to date. What was not read yet counts as present, because the command reads it then. */
export class CommandContext implements Disposable {
  readonly #parts: CommandContextParts;
  readonly #owned = new Disposables();
  readonly #set = new Map<ContextKey, boolean>();
  /** Not read before the first sessions are: on some systems the keychain asks for a password. */
  #hasStoredKey = true;
  #isKeyRead = false;

  constructor(parts: CommandContextParts) {
    this.#parts = parts;
    const { sessions, lifecycle, keys, model } = parts;
    const look = () => this.#look();
    this.#owned.add(
      sessions.onDidChange(() => {
        look();
        if (!this.#isKeyRead) void this.#readKey();
      }),
    );
    this.#owned.add(lifecycle.onDidStart(look));
    this.#owned.add(lifecycle.onDidChange(look));
    this.#owned.add(model.onDidChangeSurroundings(look));
    this.#owned.add(keys.onDidChange(() => void this.#readKey()));
    look();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #readKey(): Promise<void> {
    this.#isKeyRead = true;
    try {
      this.#hasStoredKey = (await this.#parts.keys.origin()) === 'stored';
      this.#look();
    } catch (error) {
      this.#parts.log.error(`The API key could not be looked for: ${errorText(error)}`);
    }
  }

  #look(): void {
    const { sessions, lifecycle, model } = this.#parts;
    const { trackers } = lifecycle;
    const all = sessions.all();
    const isUnread = sessions.status.readAt === undefined;
    const own = new Set(trackers.map(({ sessionId }) => sessionId));
    const tasks = trackers.flatMap((tracker) => tracker.tasks);
    const isRunning = tasks.some(({ status }) => status === 'in_progress');
    this.#become({
      'claudeProjects.hasSessions': isUnread || all.length > 0,
      'claudeProjects.hasLiveSession': isUnread || all.some(isLive),
      'claudeProjects.hasRecoverable': isUnread || all.some((each) => isRecoverable(each, sessions.healthOf(each))),
      'claudeProjects.hasArchivable': isUnread || all.some(isArchivable),
      'claudeProjects.hasDeletable': isUnread || all.some(({ session_id }) => !own.has(session_id)),
      'claudeProjects.hasOwnSession': trackers.length > 0,
      'claudeProjects.hasOwnOpenTask': isRunning || tasks.some(({ status }) => status === 'pending'),
      'claudeProjects.hasOwnRunningTask': isRunning,
      'claudeProjects.hasStoredKey': this.#hasStoredKey,
      'claudeProjects.isFiltered': model.filter !== '',
    });
  }

  #become(values: Readonly<Record<ContextKey, boolean>>): void {
    const { setContext, log } = this.#parts;
    for (const key of CONTEXT_KEYS) {
      if (this.#set.get(key) === values[key]) continue;
      this.#set.set(key, values[key]);
      setContext(key, values[key]).then(undefined, (error: unknown) => log.error(errorText(error)));
    }
  }
}
