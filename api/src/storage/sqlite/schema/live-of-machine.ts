/** A machine's live sessions, without a look at those that have ended. A heartbeat changes no column in it. */
export const createLiveOfMachine = `
CREATE INDEX sessions_live_of_machine ON sessions (machine_id, created_at, session_id)
  WHERE status IN ('active', 'paused', 'stalled');
`;
