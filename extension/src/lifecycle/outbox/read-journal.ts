import { join } from 'node:path';
import { decodeEntries } from './entry.ts';
import { type Files, systemErrorCode } from './files.ts';
import { JournalState } from './journal-state.ts';

export type ReadJournal =
  | { readonly kind: 'read'; readonly state: JournalState; readonly lostBytes: number }
  /** A newer version wrote it: it is left to that one. */
  | { readonly kind: 'newer' }
  /** Something is there that does not say which session it is of. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'none' };

const PATTERN = /^journal\.(\d{1,9})$/;

/** Rejects where the disk does. */
export async function readJournal(files: Files, folder: string): Promise<ReadJournal> {
  const generations = (await files.list(folder))
    .flatMap((name) => PATTERN.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  let sawAny = false;
  // Each has all of those before it; they are only there where its writer had no time to remove them.
  for (const generation of generations) {
    const bytes = await bytesOf(files, join(folder, `journal.${generation}`));
    if (!bytes) continue;
    sawAny = true;
    const { entries, lostBytes } = decodeEntries(bytes);
    if (entries.some((entry) => entry.entry === 'foreign' && entry.kind === 'header')) return { kind: 'newer' };
    const state = JournalState.of(entries);
    if (state) return { kind: 'read', state, lostBytes };
  }
  return { kind: sawAny ? 'damaged' : 'none' };
}

async function bytesOf(files: Files, path: string): Promise<Uint8Array | undefined> {
  try {
    return await files.read(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
