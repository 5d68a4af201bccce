import type { SessionRecord } from '../../records.ts';
import type { SessionChanges, SessionGuard } from '../../storage.ts';
import { UniqueViolationError } from '../../storage-errors.ts';
import type { Stored } from '../documents/fields.ts';
import { metadataToStore } from '../documents/metadata-to-store.ts';
import { toSessionOrNull } from '../documents/session-document.ts';
import { mergeInto } from '../documents/update-stage.ts';
import type { Atomically, Runner } from '../engine/runner.ts';
import { CHANGED, insertDocument, validAssignments } from '../engine/writes.ts';
import { bucketOf, isEnded } from './count-buckets.ts';
import { moveCount } from './move-count.ts';
import { guardedSession, type SessionQuery } from './session-guard.ts';

export async function insertSession(runner: Runner, atomically: Atomically, record: SessionRecord): Promise<void> {
  const bucket = bucketOf(record);
  if (bucket === null) return insertRecord(runner, record);
  await atomically(async (inner) => {
    await insertRecord(inner, record);
    await moveCount(inner, record.session_id, null, bucket);
  });
}

async function insertRecord(runner: Runner, record: SessionRecord): Promise<void> {
  try {
    await insertDocument(runner, runner.models.sessions, { ...record, metadata: metadataToStore(record.metadata) });
  } catch (error) {
    if (!(error instanceof UniqueViolationError) || error.constraint === 'session_id') throw error;
    // A create that is sent again finds its own session in its own place. That it is the same one says more.
    if (!(await isStored(runner, record.session_id))) throw error;
    throw new UniqueViolationError('session_id', { cause: error });
  }
}

/** Asked outside of the transaction, if there is one: the refused write has ended it. */
async function isStored({ models, options: { maxTimeMS }, run }: Runner, sessionId: string): Promise<boolean> {
  return (await run(() => models.sessions.exists({ session_id: sessionId }).maxTimeMS(maxTimeMS))) !== null;
}

export async function getSession({ models, options, run }: Runner, sessionId: string): Promise<SessionRecord | null> {
  return toSessionOrNull(
    await run(() => models.sessions.findOne({ session_id: sessionId }, null, options).lean<Stored>()),
  );
}

/** What ends, or ended already, counts elsewhere afterwards; both are written together. */
export function updateSession(
  runner: Runner,
  atomically: Atomically,
  sessionId: string,
  guard: SessionGuard,
  changes: SessionChanges,
): Promise<SessionRecord | null> {
  const filter = guardedSession(sessionId, guard);
  if (!mayMoveCount(guard, changes)) return updateWhere(runner, filter, changes);
  return atomically(async (inner) => {
    // The session as it was, from the write itself: nobody can have changed it in between.
    const before = await updateWhere(inner, filter, changes, 'before');
    const after = before && (await getSession(inner, sessionId));
    if (after) await moveCount(inner, sessionId, bucketOf(before), bucketOf(after));
    return after;
  });
}

/** A change after which the session is as live as it was. */
export function updateLive(
  runner: Runner,
  sessionId: string,
  guard: SessionGuard,
  changes: SessionChanges,
): Promise<SessionRecord | null> {
  return updateWhere(runner, guardedSession(sessionId, guard), changes);
}

function mayMoveCount(guard: SessionGuard, { set }: SessionChanges): boolean {
  if (set.status === undefined && set.expires_at === undefined) return false;
  return !isLiveOnly(guard) || (set.status !== undefined && isEnded(set.status));
}

function isLiveOnly({ status }: SessionGuard): boolean {
  return status !== undefined && !status.some(isEnded);
}

async function updateWhere(
  { models, options, run }: Runner,
  filter: SessionQuery,
  changes: SessionChanges,
  returnDocument: 'before' | 'after' = 'after',
): Promise<SessionRecord | null> {
  const assignments = {
    ...(await validAssignments(models.sessions, changes.set)),
    ...mergeInto(changes.mergeMetadata),
    // Adding nought keeps a change of nothing a valid update.
    next_position: { $add: ['$next_position', changes.takePosition ? 1 : 0] },
  };
  return toSessionOrNull(
    await run(() =>
      models.sessions
        .findOneAndUpdate(filter, [{ $set: assignments }], { ...options, ...CHANGED, returnDocument })
        .lean<Stored>(),
    ),
  );
}

/** To be run in a transaction. */
export async function deleteSession(runner: Runner, sessionId: string): Promise<SessionRecord | null> {
  const { models, options, run } = runner;
  const deleted = toSessionOrNull(
    await run(() => models.sessions.findOneAndDelete({ session_id: sessionId }, options).lean<Stored>()),
  );
  if (deleted) await moveCount(runner, sessionId, bucketOf(deleted), null);
  return deleted;
}
