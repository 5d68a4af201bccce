import { isAbsolute } from 'node:path';
import type { Session } from '@claude-projects/shared/client';
import { Metadata } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { isOfAnotherMachine } from './derived-place.ts';
import type { PlaceMetadata } from './workspace-place.ts';

const KEYS = ['branch', 'worktree', 'checkout'] as const;
const WithFolder = z.object({ cwd: z.string() });

/** Adds the place to the metadata of a caller. Keys of the caller win. Adds nothing where the whole would be too large. */
export function withPlace(metadata: Metadata | undefined, place: PlaceMetadata): { metadata?: Metadata } {
  const whole: Metadata = { ...place, ...metadata };
  if (Object.keys(whole).length === 0 && metadata === undefined) return {};
  if (z.safeParse(Metadata, whole).success) return { metadata: whole };
  return metadata === undefined ? {} : { metadata };
}

/** The metadata to report when a session moves to another place; undefined where nothing differs. */
export function changedPlace({ metadata }: Session, place: PlaceMetadata): Metadata | undefined {
  const changed = KEYS.flatMap((key) => {
    const [before = null, now = null] = [metadata[key], place[key]];
    return before === now ? [] : [[key, now] as const];
  });
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

/** The folder in which the agent worked; undefined where it was not reported, or lies on another machine. */
export function folderOf({ metadata }: Pick<Session, 'metadata'>): string | undefined {
  const cwd = WithFolder.safeParse(metadata).data?.cwd;
  return cwd !== undefined && isAbsolute(cwd) && !isOfAnotherMachine(cwd) ? cwd : undefined;
}
