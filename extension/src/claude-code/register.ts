import { watch } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { hostOfPids } from '../hook/claude-process.ts';
import type { Files } from '../lifecycle/outbox/files.ts';
import type { Disposable } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import { type LookAtProcess, startOfProcess } from './process-look.ts';
import type { RegisterEntry } from './register-entry.ts';

export interface RegisterParts {
  /** Where Claude Code keeps what is the user's. */
  readonly claudeFolder: string;
  readonly files: Pick<Files, 'list' | 'read'>;
  readonly look: LookAtProcess;
  readonly log: Log;
  readonly watchFolder?: WatchFolder;
}

/** Throws where there is no such folder. `onEnd`: it tells no more. */
export type WatchFolder = (folder: string, onChange: () => void, onEnd: () => void) => Disposable;

/** `<pid>.json` for each process. What it means is Claude Code's own affair, and may change: none of it is needed. */
const Registered = z.object({
  pid: z.int().check(z.positive()),
  sessionId: z.string(),
  /** Missing while it starts. */
  status: z.enum(['busy', 'idle', 'waiting', 'shell']),
  updatedAt: z.number(),
  statusUpdatedAt: z.optional(z.unknown()),
  waitingFor: z.optional(z.unknown()),
  /** On Linux: tells it from a later process with the same pid. */
  procStart: z.optional(z.unknown()),
  /** On Linux it ends with who counts that pid, as in `…:pid:[4026531836]`. */
  pidDomain: z.optional(z.unknown()),
});
type Registered = z.output<typeof Registered>;

const Versioned = z.object({ version: z.string().check(z.regex(/^[\w.+-]{1,40}$/)) });

/**
 * What Claude Code itself writes down of its processes: it knows at once what no hook tells, such as that a question
 * was refused. Where it is missing, or written in another way, there are no entries.
 */
export class Register implements Disposable {
  readonly #parts: RegisterParts;
  readonly #folder: string;
  readonly #changed: Emitter<void>;
  #entries: readonly RegisterEntry[] = [];
  readonly #versions = new Set<string>();
  #isSaid = false;
  #watching: Disposable | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #disposed = false;

  constructor(parts: RegisterParts) {
    this.#parts = parts;
    this.#folder = join(parts.claudeFolder, 'sessions');
    this.#changed = new Emitter((error) => parts.log.error(`A listener failed: ${errorText(error)}`));
  }

  /** Of processes that live, when it was read last. */
  get entries(): readonly RegisterEntry[] {
    return this.#entries;
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Also watches it from then on. To be asked from time to time, for where that does not work. Never rejects. */
  read(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#readWhileAsked().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  dispose(): void {
    this.#disposed = true;
    this.#unwatch();
    this.#changed.dispose();
  }

  async #readWhileAsked(): Promise<void> {
    while (this.#again && !this.#disposed) {
      this.#again = false;
      // First, so that nothing that happens while it is read is missed.
      this.#watch();
      await this.#readOnce();
    }
  }

  #watch(): void {
    if (this.#watching) return;
    const { watchFolder = systemWatch, log } = this.#parts;
    try {
      this.#watching = watchFolder(
        this.#folder,
        () => void this.read(),
        () => this.#unwatch(),
      );
    } catch (error) {
      if (!this.#isSaid) log.debug(`The register of Claude Code is not watched: ${errorText(error)}`);
      this.#isSaid = true;
    }
  }

  #unwatch(): void {
    this.#watching?.dispose();
    this.#watching = undefined;
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await this.#parts.files.list(this.#folder);
    } catch {
      // Not there yet, or not any more: what is watched is not what may come in its place.
      this.#unwatch();
      return [];
    }
  }

  async #readOnce(): Promise<void> {
    const names = await this.#names();
    const texts = await Promise.all(names.filter((name) => /^\d+\.json$/.test(name)).map((name) => this.#text(name)));
    const read = texts.map(json);
    const entries = await Promise.all(read.map((value) => this.#entry(value)));
    if (this.#disposed) return;
    const before = JSON.stringify(this.#entries);
    this.#entries = entries.filter((entry) => entry !== undefined);
    for (const value of read) this.#tellOfVersion(value);
    if (JSON.stringify(this.#entries) !== before) this.#changed.fire();
  }

  /** What it does, and what it writes, differs between its versions. */
  #tellOfVersion(value: unknown): void {
    const version = Versioned.safeParse(value).data?.version;
    if (version === undefined || this.#versions.has(version)) return;
    this.#versions.add(version);
    this.#parts.log.info(`Claude Code ${version} runs on this machine.`);
  }

  async #text(name: string): Promise<string> {
    try {
      return Buffer.from(await this.#parts.files.read(join(this.#folder, name))).toString('utf8');
    } catch {
      // Its process has just ended, or it is not for this user.
      return '';
    }
  }

  async #entry(value: unknown): Promise<RegisterEntry | undefined> {
    const { data } = Registered.safeParse(value);
    if (!data || !(await this.#lives(data))) return undefined;
    const { pid, sessionId: session, status, waitingFor, updatedAt, statusUpdatedAt } = data;
    const at = typeof statusUpdatedAt === 'number' ? statusUpdatedAt : updatedAt;
    // It has nothing to do itself while a command of it runs in the background.
    return { pid, session, is: status === 'shell' ? 'idle' : status, waitingFor: textIn(waitingFor), at };
  }

  /** A process that is killed leaves its entry behind. */
  async #lives({ pid, procStart, pidDomain, updatedAt }: Registered): Promise<boolean> {
    const host = hostOfPids();
    const [space] = /pid:\[\d+\]$/.exec(textIn(pidDomain) ?? '') ?? [];
    if (space !== undefined && !host.endsWith(`/${space}`)) return false;
    const ticks = textIn(procStart);
    const start = ticks === undefined ? undefined : startOfProcess(pid);
    if (start !== undefined && !start.endsWith(`/${ticks}`)) return false;
    return (await this.#parts.look({ pid, host, start }, updatedAt)) === 'alive';
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Undefined where it is half written. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const systemWatch: WatchFolder = (folder, onChange, onEnd) => {
  const watcher = watch(folder, { persistent: false }, onChange);
  watcher.on('error', onEnd);
  return { dispose: () => watcher.close() };
};
