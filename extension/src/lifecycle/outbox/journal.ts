import { join } from 'node:path';
import { type Backoff, backoffMs } from '../../platform/backoff.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Disposable } from '../../platform/disposable.ts';
import { errorText } from '../../platform/error-text.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { FolderLease } from '../ownership/folder-lease.ts';
import { type Entry, encodeEntry } from './entry.ts';
import type { Files } from './files.ts';
import type { JournalState } from './journal-state.ts';

export interface JournalParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly lease: FolderLease;
  readonly state: JournalState;
}

export type WriteResult = 'written' | 'kept-in-memory' | 'closed';

interface Line {
  readonly text: string;
  readonly done: (result: WriteResult) => void;
}

/** Whoever adds is not made to wait longer for a slow disk. */
const PATIENCE_MS = 40;
const RETRY: Backoff = { firstMs: 1_000, capMs: 30_000 };
/** How long what is written may stay in the disk's cache: no crash of ours loses it there, only one of the machine. */
const SYNC_AFTER_MS = 200;
const COMPACT_AFTER_LINES = 1_000;

export const journalFileName = (generation: number) => `journal.${generation}`;

/**
 * The file behind a state. Each owner of the folder writes a file of its own: one that was suspended and wakes up as
 * the owner no more cannot spoil what its successor writes.
 */
export class Journal {
  readonly state: JournalState;
  readonly #parts: JournalParts;
  readonly #path: string;
  readonly #draft: string;
  /** Of its own: while it is written, a write may fail, and the file be written anew. */
  readonly #compacted: string;
  #waiting: Line[] = [];
  #turn: Promise<void> | undefined;
  /** The file has, or will have with the lines that wait, all that the state has. */
  #isWhole: boolean;
  #failures = 0;
  #retry: Disposable | undefined;
  #sync: Disposable | undefined;
  #syncing: Promise<void> | undefined;
  #closed = false;
  #settledLines = 0;
  /** What was appended while a compacted file is being written beside this one. */
  #meanwhile: string[] | undefined;
  #compacting: Promise<void> | undefined;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.state = parts.state;
    this.#isWhole = false;
    this.#path = join(parts.lease.folder, journalFileName(parts.lease.generation));
    this.#draft = `${this.#path}.new`;
    this.#compacted = `${this.#path}.compacted`;
  }

  /** Puts the whole of it on the disk. */
  open(): Promise<WriteResult> {
    return this.#write('');
  }

  /** Counts at once; resolves when it is on the disk, or will not be for a while. Never rejects. */
  async record(entry: Entry): Promise<WriteResult> {
    if (this.#closed || this.#parts.lease.isLost) return 'closed';
    this.state.apply(entry);
    if (entry.entry !== 'change') this.#settledLines += 1;
    return this.#write(encodeEntry(entry));
  }

  async stillHeld(): Promise<boolean> {
    return (await this.#parts.lease.look()) !== 'lost';
  }

  /** Writes what it still can. What comes later is not taken any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#retry?.dispose();
    this.#sync?.dispose();
    while (this.#turn) await this.#turn;
    await this.#compacting;
    if (!this.#isWhole && !this.#parts.lease.isLost) await this.#flush();
    await this.#syncing;
    if (this.#isWhole) await this.#syncNow();
  }

  #write(text: string): Promise<WriteResult> {
    // While the disk refuses, its next try is made in a while, and not with every change.
    if (this.#retry) return Promise.resolve('kept-in-memory');
    return new Promise((resolve) => {
      const patience = this.#parts.clock.after(PATIENCE_MS, () => resolve('kept-in-memory'));
      this.#waiting.push({
        text,
        done: (result) => {
          patience.dispose();
          resolve(result);
        },
      });
      this.#start();
    });
  }

  #start(): void {
    this.#turn ??= this.#flush().finally(() => {
      this.#turn = undefined;
      if (this.#waiting.length > 0) this.#start();
      else this.#compactIfWorthIt();
    });
  }

  /** Writes what waits. Never rejects. */
  async #flush(): Promise<void> {
    const batch = this.#waiting.splice(0);
    const result = await this.#put(batch.map(({ text }) => text).join(''));
    for (const { done } of batch) done(result);
  }

  async #put(text: string): Promise<WriteResult> {
    const { lease, log } = this.#parts;
    try {
      const before = await lease.look();
      if (before === 'lost') return 'closed';
      if (before === 'unmade') await this.#make();
      else if (!this.#isWhole) await this.#replace();
      else await this.#append(text);
      // Whoever took over after this look has read what was written before it.
      const after = await lease.look();
      if (after === 'lost') return 'closed';
      if (after === 'unmade') throw new Error('the folder was removed meanwhile');
    } catch (error) {
      // Its successor removes what it has read.
      if ((await lease.look()) === 'lost') return 'closed';
      this.#fail(error);
      return 'kept-in-memory';
    }
    if (this.#failures > 0) log.info(`${this.#name} is on the disk again, with all that was kept in memory.`);
    this.#failures = 0;
    this.#syncSoon();
    return 'written';
  }

  async #make(): Promise<void> {
    this.#beginAnew();
    const { lease } = this.#parts;
    await lease.make(journalFileName(lease.generation), this.#snapshot());
    this.#isWhole = true;
  }

  async #append(text: string): Promise<void> {
    if (text === '') return;
    await this.#parts.files.append(this.#path, text);
    this.#meanwhile?.push(text);
  }

  async #replace(): Promise<void> {
    this.#beginAnew();
    const { files } = this.#parts;
    await files.remove(this.#draft);
    await files.create(this.#draft, this.#snapshot());
    await files.sync(this.#draft);
    await files.rename(this.#draft, this.#path);
    this.#isWhole = true;
    await this.#removeFormer();
  }

  /** What the owners of before wrote is part of the new file. One that stays is not read any more. */
  async #removeFormer(): Promise<void> {
    const { files, lease } = this.#parts;
    const names = await files.list(lease.folder).catch(() => []);
    for (const name of names) {
      const path = join(lease.folder, name);
      if (name.startsWith('journal.') && path !== this.#path) await files.remove(path).catch(() => undefined);
    }
  }

  /** The whole state is written, and with it the lines of all who wait: theirs are not to follow once more. */
  #beginAnew(): void {
    this.#isWhole = false;
    this.#meanwhile = undefined;
    this.#settledLines = 0;
  }

  #snapshot(): string {
    return this.state.snapshot().map(encodeEntry).join('');
  }

  #fail(error: unknown): void {
    const { clock, random, log } = this.#parts;
    this.#isWhole = false;
    this.#meanwhile = undefined;
    this.#failures += 1;
    if (this.#failures === 1) {
      log.warn(`${this.#name} cannot be written; what happens is kept in memory meanwhile: ${errorText(error)}`);
    }
    // They are part of the state, which is written whole with the next try.
    for (const { done } of this.#waiting.splice(0)) done('kept-in-memory');
    if (this.#closed) return;
    this.#retry = clock.after(backoffMs(RETRY, this.#failures, random), () => {
      this.#retry = undefined;
      void this.#write('');
    });
  }

  #compactIfWorthIt(): void {
    const dead = this.#settledLines;
    if (this.#compacting || this.#closed || !this.#isWhole) return;
    if (dead < COMPACT_AFTER_LINES || dead < 2 * this.state.pending) return;
    this.#compacting = this.#compact()
      .catch((error: unknown) => {
        this.#meanwhile = undefined;
        this.#parts.log.debug(`${this.#name} could not be compacted: ${errorText(error)}`);
      })
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  /** Beside the file, so that nobody waits for it; only the last step comes between two changes. */
  async #compact(): Promise<void> {
    const { files } = this.#parts;
    const meanwhile: string[] = [];
    this.#meanwhile = meanwhile;
    this.#settledLines = 0;
    const snapshot = this.#snapshot();
    await files.remove(this.#compacted);
    await files.create(this.#compacted, snapshot);
    await files.sync(this.#compacted);
    // Whoever wants to write now waits for its turn.
    while (this.#turn) await this.#turn;
    this.#turn = this.#putInPlace(meanwhile).finally(() => {
      this.#turn = undefined;
      if (this.#waiting.length > 0) this.#start();
    });
    await this.#turn;
  }

  async #putInPlace(meanwhile: readonly string[]): Promise<void> {
    const { files, lease, log } = this.#parts;
    // A write failed meanwhile: the file is written anew anyway.
    if (this.#meanwhile !== meanwhile || (await lease.look()) !== 'held') return;
    this.#meanwhile = undefined;
    try {
      if (meanwhile.length > 0) await files.append(this.#compacted, meanwhile.join(''));
      await files.rename(this.#compacted, this.#path);
      this.#syncSoon();
    } catch (error) {
      // The one that is there has it all.
      log.debug(`${this.#name} could not be compacted: ${errorText(error)}`);
    }
  }

  #syncSoon(): void {
    if (this.#sync || this.#closed) return;
    this.#sync = this.#parts.clock.after(SYNC_AFTER_MS, () => {
      this.#sync = undefined;
      this.#syncing ??= this.#syncNow().finally(() => {
        this.#syncing = undefined;
      });
    });
  }

  async #syncNow(): Promise<void> {
    try {
      await this.#parts.files.sync(this.#path);
    } catch (error) {
      this.#parts.log.debug(`${this.#name} may not have left the disk's cache: ${errorText(error)}`);
    }
  }

  get #name(): string {
    return `The journal of session ${this.state.session.session_id}`;
  }
}
