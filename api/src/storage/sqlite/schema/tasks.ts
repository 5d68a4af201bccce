/**
 * No foreign key to sessions: who deletes what, and in which order, is the services' transaction, and the port
 * promises that deleting a session does not touch its tasks.
 */
export const createTasks = `
CREATE TABLE tasks (
  task_id TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  github_issue_id TEXT,
  task_name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'in_progress', 'completed', 'failed', 'blocked')),
  position INTEGER NOT NULL CHECK (position >= 0),
  started_at INTEGER,
  completed_at INTEGER,
  created_from TEXT NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  error_message TEXT,
  metadata TEXT NOT NULL CHECK (json_type(metadata) = 'object')
) STRICT;

-- In the order of every list, with the status at the end so that filtering by it too needs no look at the table.
CREATE INDEX tasks_by_session ON tasks (session_id, position, task_id, status);
CREATE INDEX tasks_by_project ON tasks (project_id, session_id, position, task_id, status);
CREATE INDEX tasks_by_status ON tasks (status, session_id, position, task_id);
`;
