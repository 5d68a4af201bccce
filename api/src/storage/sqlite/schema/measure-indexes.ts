/** What the measures of a period search by. A heartbeat changes no column in any of them. */
export const createMeasureIndexes = `
CREATE INDEX sessions_by_end ON sessions (status, completed_at, recovered_by, started_at)
  WHERE completed_at IS NOT NULL;
CREATE INDEX tasks_by_creation ON tasks (created_at);
CREATE INDEX tasks_by_end ON tasks (status, completed_at) WHERE completed_at IS NOT NULL;
`;
