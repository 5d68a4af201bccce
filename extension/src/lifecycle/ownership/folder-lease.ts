import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Disposable } from '../../platform/disposable.ts';
import type { Random } from '../../platform/random.ts';
import { type Files, systemErrorCode } from '../outbox/files.ts';
import { ownerFileName, ownerFilesIn, releasedFileName } from './owner-files.ts';

export interface FolderLeaseParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly times: { readonly leaseMs: number; readonly renewMs: number };
  readonly folder: string;
  /** What the owner's file says. */
  readonly ownerText: string;
}

export type LeaseState =
  | 'held'
  /** The folder is not there, and nobody else can have it: it may be made. */
  | 'unmade'
  /** The disk does not say; who owned it before owns it still. */
  | 'unreadable'
  /** Another process owns it, for good. */
  | 'lost';

/** This process' hold on a folder. Looking is cheap, and to be done before and after each thing that counts. */
export class FolderLease implements Disposable {
  readonly #parts: FolderLeaseParts;
  readonly generation: number;
  #state: LeaseState;
  #timer: Disposable | undefined;
  #disposed = false;
  /** When this process was last awake to look, and was the owner. */
  #lastLook: number;

  constructor(parts: FolderLeaseParts, generation: number, state: 'held' | 'unmade') {
    this.#parts = parts;
    this.generation = generation;
    this.#state = state;
    this.#lastLook = parts.clock.now();
  }

  get folder(): string {
    return this.#parts.folder;
  }

  get ownerText(): string {
    return this.#parts.ownerText;
  }

  get isLost(): boolean {
    return this.#state === 'lost';
  }

  /** Renews it from now on, until it is released or lost. */
  keep(): void {
    if (this.#disposed || this.#state === 'lost') return;
    this.#timer = this.#parts.clock.after(this.#parts.times.renewMs, () => {
      void this.#renew().finally(() => this.keep());
    });
  }

  /** Never rejects. */
  async look(): Promise<LeaseState> {
    if (this.#state === 'lost') return 'lost';
    // What was never made cannot have been taken.
    if (this.#state === 'unmade') return 'unmade';
    const seen = await this.#see();
    // Whatever was asked meanwhile, a loss stays a loss.
    if (this.#isLostNow()) return 'lost';
    if (seen !== 'unreadable') this.#state = seen;
    if (seen !== 'lost') this.#lastLook = this.#parts.clock.now();
    return seen;
  }

  /** Puts a folder in place that has all it needs, at once. Rejects where the disk refuses. */
  async make(fileName: string, text: string): Promise<LeaseState> {
    const { files, folder, random } = this.#parts;
    const draft = `${join(folder, '..')}/${DRAFT_PREFIX}${random.uuid()}`;
    try {
      await files.makeFolder(draft);
      await files.create(join(draft, ownerFileName(this.generation)), this.ownerText);
      await files.create(join(draft, fileName), text);
      await files.rename(draft, folder);
    } catch (error) {
      await files.remove(draft).catch(() => undefined);
      if (!(await this.#exists())) throw error;
      // Systems differ in what they call it when a folder is in the way.
      this.#state = 'lost';
      return 'lost';
    }
    this.#state = 'held';
    this.#lastLook = this.#parts.clock.now();
    if (!this.#timer) this.keep();
    return 'held';
  }

  /** Leaves it to whoever wants it. */
  async release(): Promise<void> {
    this.dispose();
    if ((await this.look()) !== 'held') return;
    const { files, clock, folder } = this.#parts;
    const name = join(folder, ownerFileName(this.generation));
    // Others read from it for how long nobody held the folder. A full disk leaves room for both.
    await files.touch(name, clock.now());
    await files.rename(name, join(folder, releasedFileName(this.generation)));
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  async #renew(): Promise<void> {
    if ((await this.look()) !== 'held' || this.#disposed) return;
    const { files, clock, folder } = this.#parts;
    // Where the disk refuses, the others find no sign of life, and one of them takes over: better than two owners.
    await files.touch(join(folder, ownerFileName(this.generation)), clock.now()).catch(() => undefined);
  }

  async #see(): Promise<LeaseState> {
    const { files, folder } = this.#parts;
    try {
      const top = () => files.list(folder).then((names) => ownerFilesIn(names).at(-1)?.generation);
      let owner = await top();
      if (owner === undefined) {
        await files.create(join(folder, ownerFileName(this.generation)), this.ownerText);
        // The folder may have been read in the moment in which a successor took it: then it shows now.
        owner = await top();
      }
      return owner === this.generation ? 'held' : 'lost';
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') return 'unreadable';
      return this.#wasAsleep() ? 'lost' : 'unmade';
    }
  }

  /** Long enough for somebody to have taken the folder, and to have finished with it. */
  #wasAsleep(): boolean {
    const { clock, times } = this.#parts;
    return clock.now() - this.#lastLook > times.leaseMs - times.renewMs;
  }

  async #exists(): Promise<boolean> {
    return this.#parts.files.list(this.folder).then(
      () => true,
      () => false,
    );
  }

  #isLostNow(): boolean {
    return this.#state === 'lost';
  }
}

/** Folders that are being made, or removed. What was left of them is swept away later. */
export const DRAFT_PREFIX = '.new-';
export const GONE_PREFIX = '.gone-';
