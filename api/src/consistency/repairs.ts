import { LIVE_STATES } from '../sessions/session-states.ts';
import type { Suspect } from '../storage/consistency.ts';
import type { Stores } from '../storage/storage.ts';

/**
 * Mends what a look at the rest of the data says for certain how to mend; to be run in the transaction in which
 * the finding was confirmed. False for what a person has to decide: which of two sessions is to keep a place, and
 * what became of a successor.
 */
export async function mend(stores: Stores, suspect: Suspect, now: Date): Promise<boolean> {
  if (suspect.kind === 'current_task_missing') {
    return clearCurrentTask(stores, suspect.session_id, suspect.task_id, now);
  }
  if (suspect.kind === 'active_sessions_disagree') return rebuildActiveSessions(stores, suspect.machine_id, now);
  if (suspect.kind === 'task_without_session') return (await stores.tasks.delete(suspect.task_id)) !== null;
  if (suspect.kind === 'session_counts_disagree') {
    await stores.sessions.recount();
    return true;
  }
  return false;
}

async function clearCurrentTask({ sessions }: Stores, sessionId: string, taskId: string, now: Date): Promise<boolean> {
  const cleared = await sessions.update(
    sessionId,
    { status: LIVE_STATES, currentTaskId: taskId },
    { set: { current_task_id: null, updated_at: now } },
  );
  return cleared !== null;
}

/**
 * A session that is put on the list is written to as well: one that ends at the same moment finds itself on no
 * list to be taken from, so only this makes the two collide, and one of them look again.
 */
async function rebuildActiveSessions({ sessions, machines }: Stores, machineId: string, now: Date): Promise<boolean> {
  const machine = await machines.get(machineId);
  if (!machine) return false;
  const live = await sessions.listLiveIds(machineId);
  for (const sessionId of live) {
    if (machine.active_sessions.includes(sessionId)) continue;
    await sessions.update(sessionId, { status: LIVE_STATES }, { set: { updated_at: now } });
  }
  const rebuilt = await machines.update(machineId, { set: { active_sessions: live, updated_at: now } });
  return rebuilt !== null;
}
