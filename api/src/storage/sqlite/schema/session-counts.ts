/**
 * How many sessions are in each state, kept by the engine itself with every change: counting them would read
 * every session that ever ended, on each look at the summary.
 */
export const createSessionCounts = `
CREATE TABLE session_counts (
  status TEXT NOT NULL PRIMARY KEY,
  sessions INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO session_counts (status, sessions)
  SELECT states.value, (SELECT count(*) FROM sessions WHERE status = states.value)
  FROM json_each('["active","paused","completed","failed","stalled"]') AS states;

CREATE TRIGGER session_counts_after_insert AFTER INSERT ON sessions BEGIN
  UPDATE session_counts SET sessions = sessions + 1 WHERE status = NEW.status;
END;

CREATE TRIGGER session_counts_after_delete AFTER DELETE ON sessions BEGIN
  UPDATE session_counts SET sessions = sessions - 1 WHERE status = OLD.status;
END;

CREATE TRIGGER session_counts_after_step AFTER UPDATE OF status ON sessions WHEN OLD.status <> NEW.status BEGIN
  UPDATE session_counts SET sessions = sessions - 1 WHERE status = OLD.status;
  UPDATE session_counts SET sessions = sessions + 1 WHERE status = NEW.status;
END;
`;
