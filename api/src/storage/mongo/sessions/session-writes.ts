import type { SessionRecord } from '../../records.ts';
import type { SessionChanges, SessionGuard } from '../../storage.ts';
import { UniqueViolationError } from '../../storage-errors.ts';
import type { Stored } from '../documents/fields.ts';
import { metadataToStore } from '../documents/metadata-to-store.ts';
import { toSessionOrNull } from '../documents/session-document.ts';
import { mergeInto } from '../documents/update-stage.ts';
import type { Runner } from '../engine/runner.ts';
import { CHANGED, insertDocument, validAssignments } from '../engine/writes.ts';
import { guardedSession } from './session-guard.ts';

export async function insertSession(runner: Runner, record: SessionRecord): Promise<void> {
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

export async function updateSession(
  { models, options, run }: Runner,
  sessionId: string,
  guard: SessionGuard,
  changes: SessionChanges,
): Promise<SessionRecord | null> {
  const assignments = {
    ...(await validAssignments(models.sessions, changes.set)),
    ...mergeInto(changes.mergeMetadata),
    // Adding nought keeps a change of nothing a valid update.
    next_position: { $add: ['$next_position', changes.takePosition ? 1 : 0] },
  };
  const filter = guardedSession(sessionId, guard);
  return toSessionOrNull(
    await run(() =>
      models.sessions.findOneAndUpdate(filter, [{ $set: assignments }], { ...options, ...CHANGED }).lean<Stored>(),
    ),
  );
}

export async function deleteSession(
  { models, options, run }: Runner,
  sessionId: string,
): Promise<SessionRecord | null> {
  return toSessionOrNull(
    await run(() => models.sessions.findOneAndDelete({ session_id: sessionId }, options).lean<Stored>()),
  );
}
