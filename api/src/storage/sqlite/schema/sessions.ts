/**
 * `metadata` comes last: it may be large, and what stands before it is read without it.
 *
 * A heartbeat rewrites the entry of its session in every index that holds `last_heartbeat` or `updated_at`, and
 * only in those, so there is one of each and no more. Every index answers a query of session-queries; a test
 * holds them against each other.
 */
export const createSessions = `
CREATE TABLE sessions (
  session_id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  machine_id TEXT NOT NULL,
  docker_slot INTEGER CHECK (docker_slot >= 0),
  status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'completed', 'failed', 'stalled')),
  activity TEXT NOT NULL CHECK (activity IN ('working', 'waiting_for_input', 'idle')),
  activity_detail TEXT,
  current_task_id TEXT,
  last_heartbeat INTEGER NOT NULL,
  last_progress_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  stalled_at INTEGER,
  returned_at INTEGER,
  archived_at INTEGER,
  recovered_from TEXT,
  recovered_by TEXT,
  recovery_attempts INTEGER NOT NULL CHECK (recovery_attempts >= 0),
  recovery_prepared_at INTEGER,
  next_position INTEGER NOT NULL CHECK (next_position >= 0),
  created_from TEXT NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  error_message TEXT,
  metadata TEXT NOT NULL CHECK (json_type(metadata) = 'object')
) STRICT;

-- One active session in a place. NULLs never collide, hence -1 for "no slot".
CREATE UNIQUE INDEX sessions_active_place ON sessions (project_id, machine_id, ifnull(docker_slot, -1))
  WHERE status = 'active';
-- One session on a slot of a machine, whatever its project; a paused one keeps its slot.
CREATE UNIQUE INDEX sessions_docker_slot ON sessions (machine_id, docker_slot)
  WHERE docker_slot IS NOT NULL AND status IN ('active', 'paused');

-- The stall sweep, the stalled list, the counts.
CREATE INDEX sessions_by_heartbeat ON sessions (status, last_heartbeat, session_id);
-- "What changed since": few of many, so they are found here and sorted afterwards.
CREATE INDEX sessions_by_update ON sessions (updated_at);
-- The lists, newest first: by what they are filtered, then in their order.
CREATE INDEX sessions_by_creation ON sessions (created_at, session_id);
CREATE INDEX sessions_by_status ON sessions (status, created_at, session_id);
CREATE INDEX sessions_by_archival ON sessions (archived_at IS NOT NULL, created_at, session_id);
-- With the status at the end, so that filtering by it too needs no look at the table.
CREATE INDEX sessions_by_project ON sessions (project_id, created_at, session_id, status);
CREATE INDEX sessions_by_machine ON sessions (machine_id, created_at, session_id, status);
-- What retention may delete.
CREATE INDEX sessions_by_completion ON sessions (completed_at, session_id)
  WHERE archived_at IS NULL AND status IN ('completed', 'failed');
`;
