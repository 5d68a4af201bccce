import type { ConsistencyFinding } from '@claude-projects/shared/contract';
import { isEnded } from '../sessions/session-states.ts';
import type { Suspect } from '../storage/consistency.ts';
import type { SessionRecord } from '../storage/records.ts';
import type { Stores } from '../storage/storage.ts';

type SuspectOf<Kind extends Suspect['kind']> = Extract<Suspect, { kind: Kind }>;

/**
 * Looks at a suspect again, to be run inside a transaction, where a change half made is not seen. Null where all
 * is in order.
 */
export async function findingOf(stores: Stores, suspect: Suspect): Promise<ConsistencyFinding | null> {
  if (suspect.kind === 'current_task_missing') return currentTaskMissing(stores, suspect);
  if (suspect.kind === 'active_sessions_disagree') return activeSessionsDisagree(stores, suspect);
  if (suspect.kind === 'place_held_twice') return placeHeldTwice(stores, suspect);
  if (suspect.kind === 'successor_missing') return successorMissing(stores, suspect);
  if (suspect.kind === 'task_without_session') return taskWithoutSession(stores, suspect);
  return sessionCountsDisagree(stores);
}

async function currentTaskMissing(
  { sessions, tasks }: Stores,
  { session_id, task_id }: SuspectOf<'current_task_missing'>,
): Promise<ConsistencyFinding | null> {
  const session = await sessions.get(session_id);
  if (!session || isEnded(session.status) || session.current_task_id !== task_id) return null;
  const task = await tasks.get(task_id);
  if (task?.session_id === session_id) return null;
  const where = task ? `is a task of session ${task.session_id}` : 'does not exist';
  return {
    kind: 'current_task_missing',
    session_id,
    task_id,
    machine_id: session.machine_id,
    detail: `Session ${session_id} works on task ${task_id}, which ${where}.`,
  };
}

async function activeSessionsDisagree(
  { sessions, machines }: Stores,
  { machine_id }: SuspectOf<'active_sessions_disagree'>,
): Promise<ConsistencyFinding | null> {
  const machine = await machines.get(machine_id);
  if (!machine) return null;
  const listed = new Set(machine.active_sessions);
  const live = new Set(await sessions.listLiveIds(machine_id));
  const ended = [...listed.difference(live)];
  const unlisted = [...live.difference(listed)];
  const twice = machine.active_sessions.length > listed.size;
  if (ended.length === 0 && unlisted.length === 0 && !twice) return null;
  const faults = [
    ...(ended.length > 0 ? [`${some(ended)} listed and not live`] : []),
    ...(unlisted.length > 0 ? [`${some(unlisted)} live and not listed`] : []),
    ...(twice ? ['a session listed twice'] : []),
  ];
  return {
    kind: 'active_sessions_disagree',
    session_id: null,
    task_id: null,
    machine_id,
    detail: `The active_sessions of machine ${machine_id} disagree with its sessions: ${faults.join('; ')}.`,
  };
}

async function placeHeldTwice(
  { sessions }: Stores,
  { machine_id, session_ids }: SuspectOf<'place_held_twice'>,
): Promise<ConsistencyFinding | null> {
  const holders: SessionRecord[] = [];
  for (const id of session_ids) {
    const session = await sessions.get(id);
    if (session && holdsItsPlace(session)) holders.push(session);
  }
  const [first] = holders;
  if (!first || holders.length < 2) return null;
  const place =
    first.docker_slot === null ? `project ${first.project_id}, without a slot` : `slot ${first.docker_slot}`;
  return {
    kind: 'place_held_twice',
    session_id: first.session_id,
    task_id: null,
    machine_id,
    detail: `On machine ${machine_id}, ${place}, there are at once ${some(holders.map(({ session_id }) => session_id))}.`,
  };
}

function holdsItsPlace({ status, docker_slot }: SessionRecord): boolean {
  return status === 'active' || (status === 'paused' && docker_slot !== null);
}

async function successorMissing(
  { sessions }: Stores,
  { session_id, successor_id }: SuspectOf<'successor_missing'>,
): Promise<ConsistencyFinding | null> {
  const session = await sessions.get(session_id);
  if (session?.recovered_by !== successor_id || session.archived_at !== null) return null;
  if (await sessions.get(successor_id)) return null;
  return {
    kind: 'successor_missing',
    session_id,
    task_id: null,
    machine_id: session.machine_id,
    detail: `Session ${session_id} was recovered by session ${successor_id}, which does not exist (any more).`,
  };
}

async function taskWithoutSession(
  { sessions, tasks }: Stores,
  { task_id, session_id }: SuspectOf<'task_without_session'>,
): Promise<ConsistencyFinding | null> {
  const task = await tasks.get(task_id);
  if (task?.session_id !== session_id || (await sessions.get(session_id))) return null;
  return {
    kind: 'task_without_session',
    session_id,
    task_id,
    machine_id: null,
    detail: `Task ${task_id} belongs to session ${session_id}, which does not exist.`,
  };
}

async function sessionCountsDisagree({ sessions }: Stores): Promise<ConsistencyFinding | null> {
  const compared = await sessions.compareCounts();
  return (
    compared && {
      kind: 'session_counts_disagree',
      session_id: null,
      task_id: null,
      machine_id: null,
      detail: `The counts kept of ended sessions come to ${compared.kept}, and there are ${compared.counted}.`,
    }
  );
}

const MOST_NAMED = 5;

function some(ids: readonly string[]): string {
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  return ids.slice(0, MOST_NAMED).join(', ') + more;
}
