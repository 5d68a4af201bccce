import { seedSqlite } from '../data/seed-sqlite.ts';
import { heartbeatCalls } from '../load/calls.ts';
import { runLoad } from '../load/run-load.ts';
import { MemoryWatch, residentMiB } from '../processes/resources.ts';
import { Server, type ServerOptions } from '../processes/server.ts';
import { median } from './statistics.ts';
import { CONNECTIONS, number, type Suite, type SuiteOptions } from './suite.ts';

const STARTS = 9;
const SETTLING_MS = 1000;
const START_GOAL_MS = 600;

interface Measured {
  health: number[];
  authenticated: number[];
  idle: number;
  loaded: number;
}

/** From the start of the process to its first answers, and the memory it takes. */
export const startUp: Suite = {
  name: 'start',
  floors: ['fastify'],
  async run(options) {
    const variants = [
      { name: 'the API', measured: empty(), server: {} satisfies ServerOptions },
      { name: 'floor: Fastify', measured: empty(), server: { program: options.workshop.floor('fastify') } },
    ];
    for (let round = 0; round < STARTS; round += 1) {
      for (const { measured, server } of variants) await start(options, server, measured);
    }
    for (const { measured, server } of variants) await load(options, server, measured);
    const [api] = variants;
    const worst = api ? median(api.measured.authenticated) : Number.NaN;
    return {
      tables: [
        {
          title: 'Start-up and memory, over SQLite',
          columns: ['', '/health ms', 'first authenticated answer ms', 'RSS idle MiB', 'RSS under load MiB'],
          rows: variants.map(({ name, measured }) => [
            name,
            number(median(measured.health)),
            number(median(measured.authenticated)),
            number(measured.idle),
            number(measured.loaded),
          ]),
          notes: [
            `From the start of the process; medians of ${STARTS} starts in turn, each on an empty directory, so that the making of the database is in it. RSS idle: ${SETTLING_MS / 1000} s after the start; under load: the peak at ${CONNECTIONS} connections for ${options.seconds} s.`,
          ],
        },
      ],
      goals: [
        {
          text: `From start to the first authenticated answer over SQLite at most ${START_GOAL_MS} ms`,
          measured: `${number(worst)} ms`,
          reached: worst <= START_GOAL_MS,
        },
      ],
    };
  },
};

function empty(): Measured {
  return { health: [], authenticated: [], idle: Number.NaN, loaded: Number.NaN };
}

async function start({ workshop, progress }: SuiteOptions, options: ServerOptions, measured: Measured): Promise<void> {
  await using server = await Server.launch(workshop, options);
  const health = await server.untilAnswered('/health');
  const authenticated = await server.untilAnswered('/api/sessions?limit=1');
  measured.health.push(health);
  measured.authenticated.push(authenticated);
  progress(`/health after ${number(health)} ms, the first authenticated answer after ${number(authenticated)} ms`);
}

async function load({ workshop, seconds }: SuiteOptions, options: ServerOptions, measured: Measured): Promise<void> {
  const dataDir = workshop.directory('start');
  const ids = await seedSqlite(dataDir, { total: 1000, live: 500, stalled: 0 });
  await using server = await Server.start(workshop, { ...options, dataDir });
  await new Promise((wake) => setTimeout(wake, SETTLING_MS));
  measured.idle = residentMiB(server.pid);
  using memory = new MemoryWatch(server.pid, 100);
  await runLoad({
    url: server.url,
    key: server.key,
    connections: CONNECTIONS,
    seconds: Math.max(5, seconds),
    calls: heartbeatCalls(ids),
  });
  measured.loaded = memory.peakMiB;
}
