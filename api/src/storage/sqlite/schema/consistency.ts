/** What the consistency check walks along, neither of which a heartbeat touches, and its last result. */
export const createConsistency = `
CREATE INDEX sessions_live ON sessions (session_id) WHERE status IN ('active', 'paused', 'stalled');
CREATE INDEX sessions_by_successor ON sessions (recovered_by) WHERE recovered_by IS NOT NULL;

CREATE TABLE consistency_checks (
  name TEXT NOT NULL PRIMARY KEY CHECK (name = 'last'),
  checked_at INTEGER NOT NULL,
  findings TEXT NOT NULL CHECK (json_type(findings) = 'array')
) STRICT, WITHOUT ROWID;
`;
