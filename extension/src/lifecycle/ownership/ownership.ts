import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import { type Files, systemErrorCode } from '../outbox/files.ts';
import { FolderLease } from './folder-lease.ts';
import { type OwnerFile, ownerFileName, ownerFilesIn, ownerOf } from './owner-files.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface LeaseTimes {
  /** How long an owner may be silent before others may take its place. */
  readonly leaseMs: number;
  readonly renewMs: number;
}

export const LEASE_TIMES: LeaseTimes = { leaseMs: 60_000, renewMs: 20_000 };

export interface OwnershipParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly self: ProcessIdentity;
  readonly times: LeaseTimes;
}

/** The owner of a folder as it was seen: one that was seen like this for a whole lease is gone. */
export interface Sighting {
  readonly generation: number;
  readonly renewedAt: number;
}

export type Taken =
  | { readonly kind: 'taken'; readonly lease: FolderLease; readonly awayMs: number }
  /** Somebody holds it, or may; for the watch to find out. */
  | { readonly kind: 'held'; readonly sighting: Sighting | undefined };

/**
 * Says which process owns a folder. A new owner adds a file with the next number, and the system lets only one of many
 * do that; the one before, should it wake up again, sees the higher number and stops.
 */
export class Ownership {
  readonly #parts: OwnershipParts;

  constructor(parts: OwnershipParts) {
    this.#parts = parts;
  }

  /** For a folder that is to be made; nobody else knows of it yet. */
  newLease(folder: string): FolderLease {
    return new FolderLease(this.#leaseParts(folder), 1, 'unmade');
  }

  /** Undefined where the folder is gone, or has no owner. */
  async sight(folder: string): Promise<Sighting | undefined> {
    try {
      const top = ownerFilesIn(await this.#parts.files.list(folder)).at(-1);
      return top && (await this.#look(folder, top));
    } catch {
      return undefined;
    }
  }

  /** Whether it can be taken at once: its owner has let go of it, or is known to be dead. */
  async isFree(folder: string): Promise<boolean> {
    try {
      const top = ownerFilesIn(await this.#parts.files.list(folder)).at(-1);
      return top !== undefined && (await this.#isFree(folder, top));
    } catch {
      return false;
    }
  }

  /** Rejects where the disk does. `lapsed`: seen so for a whole lease. */
  async take(folder: string, lapsed?: Sighting): Promise<Taken> {
    const { files, clock } = this.#parts;
    const top = ownerFilesIn(await files.list(folder)).at(-1);
    let awayMs = 0;
    if (top) {
      const sighting = await this.#look(folder, top);
      if (!sighting) return { kind: 'held', sighting };
      if (!isSame(sighting, lapsed) && !(await this.#isFree(folder, top))) return { kind: 'held', sighting };
      awayMs = Math.max(0, clock.now() - sighting.renewedAt);
    }
    const lease = await this.#add(folder, (top?.generation ?? 0) + 1);
    if (!lease) return { kind: 'held', sighting: undefined };
    lease.keep();
    return { kind: 'taken', lease, awayMs };
  }

  async #look(folder: string, { name, generation }: OwnerFile): Promise<Sighting | undefined> {
    const renewedAt = await unlessGone(this.#parts.files.modifiedAt(join(folder, name)));
    return renewedAt === undefined ? undefined : { generation, renewedAt };
  }

  async #isFree(folder: string, { name, released }: OwnerFile): Promise<boolean> {
    if (released) return true;
    const { files, self } = this.#parts;
    const bytes = await unlessGone(files.read(join(folder, name)));
    const owner = bytes && ownerOf(Buffer.from(bytes).toString('utf8'));
    return owner !== undefined && owner.host === self.host && !self.isAlive(owner.pid);
  }

  async #add(folder: string, generation: number): Promise<FolderLease | undefined> {
    const { files } = this.#parts;
    const lease = new FolderLease(this.#leaseParts(folder), generation, 'held');
    try {
      await files.create(join(folder, ownerFileName(generation)), lease.ownerText);
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return undefined;
      throw error;
    }
    // Whoever was slow may have made a number again that others had left behind.
    const all = ownerFilesIn(await files.list(folder));
    if (all.some((other) => other.generation > generation)) {
      await files.remove(join(folder, ownerFileName(generation)));
      return undefined;
    }
    // The lowest first: an owner of before looks for its own number.
    for (const { generation: other, name } of all) {
      if (other < generation) await files.remove(join(folder, name)).catch(() => undefined);
    }
    return lease;
  }

  #leaseParts(folder: string) {
    const { files, clock, random, self, times } = this.#parts;
    const ownerText = JSON.stringify({ pid: self.pid, host: self.host, nonce: random.uuid() });
    return { files, clock, random, times, folder, ownerText };
  }
}

export function isSame(one: Sighting, other: Sighting | undefined): boolean {
  return one.generation === other?.generation && one.renewedAt === other.renewedAt;
}

/** A file that was there a moment ago: somebody was faster. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
