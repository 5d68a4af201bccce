/**
 * What the API keeps about its own work. A stall carries its silence ready-made, so that a percentile is read from
 * an index; `returned_at` last, because it is all that ever changes.
 */
export const createOperations = `
CREATE TABLE counters (
  key TEXT NOT NULL,
  window_end INTEGER NOT NULL,
  hits INTEGER NOT NULL CHECK (hits > 0),
  PRIMARY KEY (key, window_end)
) STRICT, WITHOUT ROWID;
-- What may be forgotten.
CREATE INDEX counters_by_end ON counters (window_end);

CREATE TABLE stalls (
  session_id TEXT NOT NULL,
  detected_at INTEGER NOT NULL,
  last_heartbeat INTEGER NOT NULL,
  silence_ms INTEGER NOT NULL CHECK (silence_ms >= 0),
  returned_at INTEGER,
  PRIMARY KEY (session_id, detected_at)
) STRICT, WITHOUT ROWID;
-- A period: how many, how long undetected, how many came back.
CREATE INDEX stalls_by_detection ON stalls (detected_at, silence_ms, returned_at);

CREATE TABLE heartbeat_counts (
  hour INTEGER NOT NULL PRIMARY KEY,
  received INTEGER NOT NULL CHECK (received >= 0),
  refused INTEGER NOT NULL CHECK (refused >= 0)
) STRICT;
`;
