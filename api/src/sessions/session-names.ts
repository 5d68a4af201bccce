import type { SessionRecord } from '../storage/records.ts';

/** What every line about a session says, so that one finds it by any of the three. */
export function namesOf({ session_id, project_id, machine_id }: SessionRecord) {
  return { session_id, project_id, machine_id };
}
