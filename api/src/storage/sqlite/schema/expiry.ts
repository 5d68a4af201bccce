/** What retention may delete: by when it expires, and no longer by when it ended. A heartbeat does not touch it. */
export const createExpiry = `
DROP INDEX sessions_by_completion;
CREATE INDEX sessions_by_expiry ON sessions (expires_at, session_id) WHERE expires_at IS NOT NULL;
`;
