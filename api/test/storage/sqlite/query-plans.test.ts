import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { Connection } from '../../../src/storage/sqlite/engine/connection.ts';
import { DatabaseFile } from '../../../src/storage/sqlite/engine/database-file.ts';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { storageOn } from '../../../src/storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aSession, at, MINUTE } from '../contract/builders.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';
import { RecordingDatabase } from './support/recording-database.ts';

const page = { limit: 50, offset: 0 };
const BY_KEY = 'SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (session_id=?)';

/** What each call is to do, and how SQLite is to go about it; the SQL is the adapter's own, recorded. */
const PLANS: [name: string, call: (storage: Storage) => Promise<unknown>, plan: (string | RegExp)[]][] = [
  ['get', (storage) => storage.sessions.get('a'), [BY_KEY]],
  [
    'update',
    (storage) =>
      storage.sessions.update('a', { status: ['active'], silentSince: at(MINUTE) }, { set: { status: 'stalled' } }),
    [BY_KEY],
  ],
  // One after the other: the plain beat, and, as it finds nothing, the one that can revive.
  [
    'heartbeat',
    (storage) => storage.sessions.heartbeat('a', { at: at(MINUTE), activity: 'idle', currentTaskId: 'task' }),
    [BY_KEY, BY_KEY],
  ],
  [
    'stall sweep',
    (storage) => storage.sessions.markOverdueStalled(at(MINUTE), at(2 * MINUTE), 10),
    [
      'SEARCH sessions USING INTEGER PRIMARY KEY (rowid=?)',
      /LIST SUBQUERY/,
      'SEARCH sessions USING COVERING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
    ],
  ],
  [
    'count of overdue',
    (storage) => storage.sessions.countOverdue(at(MINUTE)),
    [
      'SEARCH sessions USING COVERING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
    ],
  ],
  [
    'abandoned',
    (storage) => storage.sessions.listAbandoned(at(MINUTE), 10),
    [
      'MERGE (UNION ALL)',
      'LEFT',
      'SEARCH sessions USING COVERING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
      'RIGHT',
      'SEARCH sessions USING COVERING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
    ],
  ],
  [
    'expired',
    (storage) => storage.sessions.listExpired(at(MINUTE), 10),
    ['SEARCH sessions USING COVERING INDEX sessions_by_expiry (expires_at<?)'],
  ],
  [
    'live ids of a machine',
    (storage) => storage.sessions.listLiveIds('machine'),
    ['SEARCH sessions USING INDEX sessions_live_of_machine (machine_id=?)'],
  ],
  // Five rows, whatever number of sessions they count.
  ['count by status', (storage) => storage.sessions.countByStatus(), ['SCAN session_counts']],
  ['count of the live', (storage) => storage.sessions.countLive(), ['SCAN session_counts']],
  [
    'holder of a slot',
    (storage) => storage.sessions.findHolder({ project_id: 'p', machine_id: 'm', docker_slot: 1 }),
    ['SEARCH sessions USING INDEX sessions_docker_slot (machine_id=? AND docker_slot=?)'],
  ],
  [
    'holder of a place',
    (storage) => storage.sessions.findHolder({ project_id: 'p', machine_id: 'm', docker_slot: null }),
    ['SEARCH sessions USING INDEX sessions_active_place (project_id=? AND machine_id=? AND <expr>=?)'],
  ],
  [
    'list of all',
    (storage) => storage.sessions.list({}, page),
    ['SCAN sessions USING INDEX sessions_by_creation', 'SCAN session_counts'],
  ],
  [
    'list of a project',
    (storage) => storage.sessions.list({ project_id: 'p' }, page),
    [
      'SEARCH sessions USING INDEX sessions_by_project (project_id=?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_project (project_id=?)',
    ],
  ],
  [
    'list of a project by status',
    (storage) => storage.sessions.list({ project_id: 'p', status: 'active' }, page),
    [
      'SEARCH sessions USING INDEX sessions_by_project (project_id=?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_project (project_id=?)',
    ],
  ],
  [
    'list of a machine',
    (storage) => storage.sessions.list({ machine_id: 'm' }, page),
    [
      'SEARCH sessions USING INDEX sessions_by_machine (machine_id=?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_machine (machine_id=?)',
    ],
  ],
  [
    'list by status',
    (storage) => storage.sessions.list({ status: 'active' }, page),
    ['SEARCH sessions USING INDEX sessions_by_status (status=?)', 'SCAN session_counts'],
  ],
  [
    'list of the archived',
    (storage) => storage.sessions.list({ archived: true }, page),
    [
      'SEARCH sessions USING INDEX sessions_by_archival (<expr>=?)',
      /^SEARCH sessions USING (COVERING )?INDEX sessions_by_archival \(<expr>=\?\)$/,
    ],
  ],
  // The one list that is sorted: few have changed, and they are not in the order of their creation.
  [
    'list of the changed',
    (storage) => storage.sessions.list({ updatedSince: at(MINUTE), project_id: 'p' }, page),
    [
      'SEARCH sessions USING INDEX sessions_by_update (updated_at>?)',
      'USE TEMP B-TREE FOR ORDER BY',
      'SEARCH sessions USING INDEX sessions_by_update (updated_at>?)',
    ],
  ],
  [
    'stalled',
    (storage) => storage.sessions.listStalled({ project_id: 'p', machine_id: 'm' }, at(MINUTE), page),
    [
      'MERGE (UNION ALL)',
      'LEFT',
      'MERGE (UNION ALL)',
      'LEFT',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=?)',
      'RIGHT',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
      'RIGHT',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
      'SCAN CONSTANT ROW',
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=?)',
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=? AND last_heartbeat<?)',
    ],
  ],
  [
    'tasks of a session',
    (storage) => storage.tasks.listOfSession('a'),
    ['SEARCH tasks USING INDEX tasks_by_session (session_id=?)'],
  ],
  [
    'running tasks of a session',
    (storage) => storage.tasks.failRunning('a', at(MINUTE), 'died'),
    ['SEARCH tasks USING INDEX tasks_by_session (session_id=?)'],
  ],
  [
    'expiry of the tasks of a session',
    (storage) => storage.tasks.setExpiry('a', at(MINUTE)),
    [/^SEARCH tasks USING (COVERING )?INDEX tasks_by_session \(session_id=\?\)$/],
  ],
  [
    'deletion of the tasks of a session',
    (storage) => storage.tasks.deleteOfSession('a'),
    [/^SEARCH tasks USING (COVERING )?INDEX tasks_by_session \(session_id=\?\)$/],
  ],
  [
    'list of tasks by session and status',
    (storage) => storage.tasks.list({ session_id: 'a', status: 'pending' }, page),
    [
      'SEARCH tasks USING INDEX tasks_by_session (session_id=?)',
      'SEARCH tasks USING COVERING INDEX tasks_by_session (session_id=?)',
    ],
  ],
  [
    'list of tasks by project',
    (storage) => storage.tasks.list({ project_id: 'p' }, page),
    [
      'SEARCH tasks USING INDEX tasks_by_project (project_id=?)',
      'SEARCH tasks USING COVERING INDEX tasks_by_project (project_id=?)',
    ],
  ],
  [
    'list of tasks by status',
    (storage) => storage.tasks.list({ status: 'pending' }, page),
    [
      'SEARCH tasks USING INDEX tasks_by_status (status=?)',
      'SEARCH tasks USING COVERING INDEX tasks_by_status (status=?)',
    ],
  ],
  [
    'list of all tasks',
    (storage) => storage.tasks.list({}, page),
    ['SCAN tasks USING INDEX tasks_by_session', /^SCAN tasks USING COVERING INDEX \w+$/],
  ],
  [
    'list of machines',
    (storage) => storage.machines.list({ status: 'online' }, page),
    [
      'SEARCH machines USING INDEX machines_by_status (status=?)',
      'SEARCH machines USING COVERING INDEX machines_by_status (status=?)',
    ],
  ],
  [
    'presence of machines',
    (storage) => storage.machines.markPresence(at(MINUTE), at(2 * MINUTE)),
    [
      'SEARCH machines USING INDEX machines_by_status (status=?)',
      /LIST SUBQUERY/,
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=? AND last_heartbeat>?)',
      'CREATE BLOOM FILTER',
      'MATERIALIZE heard',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=? AND last_heartbeat>?)',
      'USE TEMP B-TREE FOR GROUP BY',
      'SEARCH machines USING INDEX machines_by_status (status=?)',
      'SEARCH heard USING AUTOMATIC COVERING INDEX (machine_id=?)',
    ],
  ],
  [
    'deletion of an idle machine',
    (storage) => storage.machines.deleteIdle('m'),
    [
      'SEARCH machines USING INDEX sqlite_autoindex_machines_1 (machine_id=?)',
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING COVERING INDEX sessions_by_machine (machine_id=?)',
    ],
  ],
  [
    'ended windows',
    (storage) => storage.counters.forgetEnded(at(MINUTE)),
    ['SEARCH counters USING INDEX counters_by_end (window_end<?)'],
  ],
  [
    'return of a stalled session',
    (storage) => storage.history.recordReturn('a', at(MINUTE)),
    [
      'SEARCH stalls USING PRIMARY KEY (session_id=? AND detected_at=?)',
      /SCALAR SUBQUERY/,
      'SEARCH stalls USING PRIMARY KEY (session_id=?)',
    ],
  ],
  [
    'old history',
    (storage) => storage.history.forgetBefore(at(MINUTE)),
    [
      'SEARCH stalls USING INDEX stalls_by_detection (detected_at<?)',
      'SEARCH heartbeat_counts USING INTEGER PRIMARY KEY (rowid<?)',
    ],
  ],
  // Sorted are the entries of the period and no others.
  [
    'measures of a period',
    (storage) => storage.history.measure({ since: at(MINUTE), until: at(2 * MINUTE) }, 10),
    [
      'SEARCH stalls USING COVERING INDEX stalls_by_detection (detected_at>? AND detected_at<?)',
      'SEARCH stalls USING COVERING INDEX stalls_by_detection (detected_at>? AND detected_at<?)',
      'SEARCH stalls USING COVERING INDEX stalls_by_detection (detected_at>? AND detected_at<?)',
      'USE TEMP B-TREE FOR ORDER BY',
      'SEARCH heartbeat_counts USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_creation (created_at>? AND created_at<?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_end (status=? AND completed_at>? AND completed_at<?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_end (status=? AND completed_at>? AND completed_at<?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_end (status=? AND completed_at>? AND completed_at<?)',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=?)',
      'SEARCH sessions USING COVERING INDEX sessions_by_end (status=? AND completed_at>? AND completed_at<?)',
      'USE TEMP B-TREE FOR ORDER BY',
      'SEARCH tasks USING COVERING INDEX tasks_by_creation (created_at>? AND created_at<?)',
      'SEARCH tasks USING COVERING INDEX tasks_by_end (status=? AND completed_at>? AND completed_at<?)',
      'SEARCH tasks USING COVERING INDEX tasks_by_end (status=? AND completed_at>? AND completed_at<?)',
      /CO-ROUTINE/,
      'COMPOUND QUERY',
      'LEFT-MOST SUBQUERY',
      'SEARCH sessions USING INDEX sessions_by_end (status=? AND completed_at>? AND completed_at<?)',
      'UNION ALL',
      'SEARCH sessions USING INDEX sessions_by_end (status=? AND completed_at>? AND completed_at<?)',
      /SCAN \(subquery-\d+\)/,
      'USE TEMP B-TREE FOR GROUP BY',
      'USE TEMP B-TREE FOR ORDER BY',
    ],
  ],
  [
    'current tasks that are missing',
    (storage) => storage.consistency.suspects('current_task_missing', 'a', 10),
    [
      'SEARCH sessions USING INDEX sessions_live (session_id>?)',
      /SCALAR SUBQUERY/,
      'SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (task_id=?)',
    ],
  ],
  [
    'lists of machines that disagree',
    (storage) => storage.consistency.suspects('active_sessions_disagree', 'a', 10),
    [
      'SEARCH machines USING INDEX sqlite_autoindex_machines_1 (machine_id>?)',
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING INDEX sessions_live_of_machine (machine_id=?)',
      /LIST SUBQUERY/,
      /SCAN json_each/,
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING INDEX sessions_live_of_machine (machine_id=?)',
    ],
  ],
  [
    'places held twice',
    (storage) => storage.consistency.suspects('place_held_twice', null, 10),
    [
      'MERGE (UNION)',
      'LEFT',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=?)',
      'USE TEMP B-TREE FOR GROUP BY',
      'USE TEMP B-TREE FOR ORDER BY',
      'RIGHT',
      'SEARCH sessions USING INDEX sessions_by_heartbeat (status=?)',
      'USE TEMP B-TREE FOR GROUP BY',
      'USE TEMP B-TREE FOR ORDER BY',
    ],
  ],
  [
    'successors that are missing',
    (storage) => storage.consistency.suspects('successor_missing', 'a', 10),
    [
      'SEARCH sessions USING INDEX sessions_by_successor (recovered_by=?)',
      /LIST SUBQUERY/,
      'SEARCH sessions USING COVERING INDEX sessions_by_successor (recovered_by>?)',
      /SCALAR SUBQUERY/,
      'SEARCH successor USING COVERING INDEX sqlite_autoindex_sessions_1 (session_id=?)',
    ],
  ],
  [
    'tasks without a session',
    (storage) => storage.consistency.suspects('task_without_session', 'a', 10),
    [
      'SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (task_id>?)',
      /SCALAR SUBQUERY/,
      'SEARCH sessions USING COVERING INDEX sqlite_autoindex_sessions_1 (session_id=?)',
    ],
  ],
];

describe('SQLite query plans', () => {
  const statements: string[] = [];
  let storage: Storage;
  let database: DatabaseSync;

  beforeEach(async () => {
    const dataDir = temporaryDirectory();
    await openSqliteStorage({ dataDir }).close();
    const path = databaseIn(dataDir);
    const recording = () => new Connection(new RecordingDatabase(path, statements), path);
    storage = storageOn(DatabaseFile.prepare(dataDir), { records: recording(), heartbeats: recording() });
    database = new DatabaseSync(path);
    statements.length = 0;
  });

  afterEach(async () => {
    database.close();
    await storage.close();
  });

  const planOf = (sql: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));

  for (const [name, call, expected] of PLANS) {
    it(name, async () => {
      await call(storage);
      const plan = statements.flatMap(planOf);
      const matches =
        plan.length === expected.length &&
        plan.every((step, index) => {
          const wanted = expected[index];
          return wanted instanceof RegExp ? wanted.test(step) : wanted === step;
        });
      assert.ok(matches, `${statements.join('\n')}\n${plan.join('\n')}`);
    });
  }

  it('every index is needed by one of them, or keeps something unique', async () => {
    for (const [, call] of PLANS) await call(storage);
    const plans = statements.flatMap(planOf).join('\n');
    const indexes = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`).all();
    const idle = indexes.map(({ name }) => String(name)).filter((name) => !plans.includes(name));
    assert.deepEqual(idle, []);
  });

  it('a heartbeat rewrites its entries in two indexes and no more', async () => {
    await storage.sessions.insert(aSession({ session_id: 'a' }));
    statements.length = 0;
    await storage.sessions.heartbeat('a', { at: at(MINUTE), activity: 'idle', currentTaskId: 'task' });
    const opcodes = statements.flatMap((sql) =>
      database
        .prepare(`EXPLAIN ${sql}`)
        .all()
        .map(({ opcode }) => opcode),
    );
    assert.equal(statements.length, 1);
    assert.equal(opcodes.filter((opcode) => opcode === 'IdxDelete').length, 2);
  });
});
