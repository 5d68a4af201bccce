import { seedSqlite } from '../data/seed-sqlite.ts';
import { runPacedLoad } from '../load/run-load.ts';
import { MemoryWatch } from '../processes/resources.ts';
import { Server } from '../processes/server.ts';
import { slope } from './statistics.ts';
import { number, type Suite } from './suite.ts';

const SESSIONS = 1000;
const INTERVAL_MS = 5000;
/** The first part of a soak, in which the engine still compiles and fills its caches. */
const WARM_UP = 0.2;

/** A fleet at its own pace, for long enough to see whether anything grows. */
export const soak: Suite = {
  name: 'soak',
  floors: [],
  async run({ workshop, seconds, progress }) {
    const dataDir = workshop.directory('soak');
    const ids = await seedSqlite(dataDir, { total: SESSIONS, live: SESSIONS, stalled: 0 });
    await using server = await Server.start(workshop, {
      dataDir,
      // As in operation: the sweep runs every two minutes.
      environment: { DETECT_FAILURES_CRON: '*/2 * * * *', STALL_THRESHOLD_MS: '180000' },
    });
    progress(`${SESSIONS} sessions beating every ${INTERVAL_MS / 1000} s for ${seconds} s`);
    using memory = new MemoryWatch(server.pid, 1000);
    const result = await runPacedLoad({
      url: server.url,
      key: server.key,
      seconds,
      intervalMs: INTERVAL_MS,
      paths: ids.map((id) => `/api/sessions/${id}/heartbeat`),
    });
    const settled = memory.samples.filter(({ seconds: at }) => at > seconds * WARM_UP);
    const perMinute = slope(settled.map(({ seconds: x, mib: y }) => ({ x, y }))) * 60;
    return {
      tables: [
        {
          title: `Soak: ${SESSIONS} sessions beating every ${INTERVAL_MS / 1000} s for ${seconds} s, over SQLite`,
          columns: ['beats', 'errors', 'p50 ms', 'p95 ms', 'p99 ms', 'RSS peak MiB', 'RSS slope MiB/min'],
          rows: [
            [
              number(result.requests),
              number(result.failures),
              number(result.p50, 2),
              number(result.p95, 2),
              number(result.p99, 2),
              number(memory.peakMiB),
              number(perMinute, 2),
            ],
          ],
          notes: [
            `Latency counts from when the beat was due. The slope is a line through one sample a second after the first ${WARM_UP * 100} %.`,
          ],
        },
      ],
      goals: [{ text: 'Soak: no errors', measured: number(result.failures), reached: result.failures === 0 }],
    };
  },
};
