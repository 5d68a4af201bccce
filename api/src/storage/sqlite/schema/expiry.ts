/** The index of what retention may delete: by `expires_at`, no longer by the end. Heartbeats do not write it. */
export const createExpiry = `
DROP INDEX sessions_by_completion;
CREATE INDEX sessions_by_expiry ON sessions (expires_at, session_id) WHERE expires_at IS NOT NULL;
`;
