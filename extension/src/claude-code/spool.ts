import { join } from 'node:path';
import { type Files, systemErrorCode } from '../lifecycle/outbox/files.ts';
import { type ClaudeState, stateIn } from './claude-state.ts';
import { type HookRecord, recordIn } from './hook-record.ts';

export interface SpooledRecord {
  readonly name: string;
  readonly record: HookRecord;
}

/** The time in microseconds, then the name that the hook gave it. */
const RECORD = /^(\d{17})-\d/;
const STATE = 'state.json';
/** So many are read at once; the rest follows. */
const BATCH = 200;

/**
 * `inbox/`: what hooks put down, not yet looked at. `sessions/<id of Claude Code>/`: the records that wait, in their
 * order, and what is remembered of the session.
 */
export class Spool {
  readonly #files: Files;
  readonly #inbox: string;
  readonly #folder: string;
  readonly #recovered: string;

  constructor(files: Files, root: string) {
    this.#files = files;
    this.#inbox = join(root, 'inbox');
    this.#folder = join(root, 'sessions');
    this.#recovered = join(root, 'recovered');
  }

  folderOf(session: string): string {
    return join(this.#folder, session);
  }

  async sessions(): Promise<readonly string[]> {
    return this.#namesIn(this.#folder);
  }

  /**
   * Moves what is in the inbox to the sessions that it belongs to. Several windows may do so at once: for each file one
   * of them succeeds. Returns the sessions that got something, whichever window moved it.
   */
  async sort(): Promise<readonly string[]> {
    const names = (await this.#namesIn(this.#inbox)).filter((name) => !name.startsWith('.'));
    const sessions = new Set<string>();
    for (let from = 0; from < names.length; from += BATCH) {
      const moved = await Promise.all(names.slice(from, from + BATCH).map((name) => this.#moveToSession(name)));
      for (const session of moved) if (session !== undefined) sessions.add(session);
    }
    return [...sessions];
  }

  /** The first of them; empty where nothing waits. */
  async records(session: string): Promise<readonly SpooledRecord[]> {
    const names = (await this.#namesIn(this.folderOf(session))).filter((name) => RECORD.test(name)).sort();
    // Those that a newer version wrote stay, and are not to keep the others waiting.
    for (let from = 0; from < names.length; from += BATCH) {
      const read = await Promise.all(names.slice(from, from + BATCH).map((name) => this.#record(session, name)));
      const found = read.filter((record) => record !== undefined);
      if (found.length > 0) return found;
    }
    return [];
  }

  async remove(session: string, names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#files.remove(join(this.folderOf(session), name))));
  }

  /** `newer`: what a newer version knows of it, and this one cannot read. */
  async state(session: string): Promise<ClaudeState | 'newer' | undefined> {
    const text = await this.#text(join(this.folderOf(session), STATE));
    return text === undefined ? undefined : stateIn(text);
  }

  async keep(session: string, state: ClaudeState): Promise<void> {
    const draft = join(this.folderOf(session), '.state');
    await this.#files.remove(draft);
    await this.#files.create(draft, JSON.stringify(state));
    await this.#files.rename(draft, join(this.folderOf(session), STATE));
  }

  /** False where somebody did before: of many who try, one succeeds. */
  async mark(session: string, what: string): Promise<boolean> {
    return this.#createOnce(join(this.folderOf(session), what));
  }

  async isMarked(session: string, what: string): Promise<boolean> {
    return (await this.#text(join(this.folderOf(session), what))) !== undefined;
  }

  /** For the window that resumes the conversation of a recovered session. False where one did before. */
  async claimRecovery(sessionId: string): Promise<boolean> {
    await this.#files.makeFolder(this.#recovered);
    return this.#createOnce(join(this.#recovered, sessionId));
  }

  async #createOnce(path: string): Promise<boolean> {
    try {
      await this.#files.create(path, '');
      return true;
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  async unmark(session: string, what: string): Promise<void> {
    await this.#files.remove(join(this.folderOf(session), what));
  }

  async #moveToSession(name: string): Promise<string | undefined> {
    const path = join(this.#inbox, name);
    const text = await this.#text(path).catch(unlessUnreadable);
    if (text === 'unreadable') return undefined;
    const record = text === undefined ? undefined : recordIn(text, 0);
    if (record === 'newer') return undefined;
    if (!record) {
      await this.#files.remove(path);
      return undefined;
    }
    const folder = this.folderOf(record.session);
    await this.#files.makeFolder(folder);
    await unlessGone(async () => {
      const moment = Math.round((await this.#files.createdAt(path)) * 1000);
      // Where the disk's clock is coarse, the pid that the name begins with tells which of two hooks came first.
      const inOrder = name.replace(/^\d+/, (pid) => pid.padStart(10, '0'));
      await this.#files.rename(path, join(folder, `${String(moment).padStart(17, '0')}-${inOrder}`));
    });
    return record.session;
  }

  async #record(session: string, name: string): Promise<SpooledRecord | undefined> {
    const text = await this.#text(join(this.folderOf(session), name));
    const record = text === undefined ? undefined : recordIn(text, Number(RECORD.exec(name)?.[1]) / 1000);
    if (record === 'newer') return undefined;
    if (record) return { name, record };
    // They are put in place whole: what is no record never will be.
    if (text !== undefined) await this.remove(session, [name]);
    return undefined;
  }

  #text(path: string): Promise<string | undefined> {
    return unlessGone(async () => Buffer.from(await this.#files.read(path)).toString('utf8'));
  }

  async #namesIn(folder: string): Promise<readonly string[]> {
    try {
      return await this.#files.list(folder);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw error;
    }
  }
}

/** Another user's, as of a Claude Code that was started with `sudo`: it must not keep the others waiting. */
function unlessUnreadable(error: unknown): 'unreadable' {
  if (['EACCES', 'EPERM', 'EISDIR'].includes(systemErrorCode(error) ?? '')) return 'unreadable';
  throw error;
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
