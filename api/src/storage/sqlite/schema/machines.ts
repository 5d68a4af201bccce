export const createMachines = `
CREATE TABLE machines (
  machine_id TEXT NOT NULL PRIMARY KEY,
  hostname TEXT NOT NULL,
  docker_slots TEXT NOT NULL CHECK (json_type(docker_slots) = 'array'),
  active_sessions TEXT NOT NULL CHECK (json_type(active_sessions) = 'array'),
  status TEXT NOT NULL CHECK (status IN ('online', 'offline', 'maintenance')),
  last_heartbeat INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  metadata TEXT NOT NULL CHECK (json_type(metadata) = 'object')
) STRICT;

CREATE INDEX machines_by_status ON machines (status, machine_id);
`;
