import { seedSqlite } from '../data/seed-sqlite.ts';
import { heartbeatCalls, LIST_CALL } from '../load/calls.ts';
import type { Call } from '../load/load-plan.ts';
import { Server, type ServerOptions } from '../processes/server.ts';
import { COMPARISON_COLUMNS, type Comparison, compare, comparisonRow, find, middle, ratio } from './compare.ts';
import { number, type Suite, type SuiteOptions, type SuiteResult } from './suite.ts';

const SESSIONS = { total: 1000, live: 500, stalled: 0 };

/** Where the time of a heartbeat goes, and what the log costs. */
export const cost: Suite = {
  name: 'cost',
  floors: ['fastify', 'node-http'],
  async run(options) {
    const ladder = await ladderOf(options);
    const beats = await logging(options, 'heartbeat', heartbeatCalls);
    const lists = await logging(options, 'list', () => [LIST_CALL]);
    return { tables: [...ladder.tables, ...beats.tables, ...lists.tables], goals: [...beats.goals, ...lists.goals] };
  },
};

async function ladderOf(options: SuiteOptions): Promise<SuiteResult> {
  const { workshop } = options;
  const program = workshop.floor('fastify');
  options.progress('from bare node:http to the API, step by step');
  const measured = await side(options, heartbeatCalls, {
    'node:http': { program: workshop.floor('node-http') },
    Fastify: { program },
    '+ request id and context': { program, args: ['context'] },
    '+ authentication': { program, args: ['context', 'authentication'] },
    '+ body and its validation': { program, args: ['context', 'authentication', 'validation'] },
    'the API': {},
  });
  const microseconds = measured.map((comparison) => middle(comparison, 'cpuPerRequest'));
  const whole = microseconds.at(-1) ?? Number.NaN;
  return {
    goals: [],
    tables: [
      {
        title: 'Where the time of a heartbeat goes, over SQLite',
        columns: ['', 'req/s', 'CPU µs/req', 'this step', 'of the whole'],
        rows: measured.map((comparison, index) => {
          const spent = microseconds[index] ?? Number.NaN;
          const step = spent - (microseconds[index - 1] ?? 0);
          return [
            comparison.name,
            number(middle(comparison, 'requestsPerSecond')),
            number(spent, 1),
            number(step, 1),
            `${number((step / whole) * 100)} %`,
          ];
        }),
        notes: [
          'CPU time of the server process, which other programs on the machine disturb less than throughput.',
          'The storage call and the making of the reply are in the first line, and so in all. The last step is all that Nest, the services, limits and metrics add.',
        ],
      },
    ],
  };
}

async function logging(
  options: SuiteOptions,
  what: string,
  callsFor: (ids: readonly string[]) => Call[],
): Promise<SuiteResult> {
  options.progress(`what logging costs a ${what}`);
  const measured = await side(
    options,
    callsFor,
    Object.fromEntries(['silent', 'info', 'debug'].map((level) => [level, { environment: { LOG_LEVEL: level } }])),
  );
  const difference = (level: string) => middle(find(measured, level), 'p95') - middle(find(measured, 'silent'), 'p95');
  const share = (level: string) => ratio(find(measured, level), find(measured, 'silent'), 'requestsPerSecond');
  return {
    tables: [
      {
        title: `What logging costs a ${what}`,
        columns: COMPARISON_COLUMNS,
        rows: measured.map(comparisonRow),
        notes: [
          'The log goes to a file.',
          `p95 above silent: info ${number(difference('info'), 2)} ms, debug ${number(difference('debug'), 2)} ms. ` +
            `Throughput of silent's: info ${number(share('info'), 2)}, debug ${number(share('debug'), 2)}.`,
        ],
      },
    ],
    goals: [
      {
        text: `Logging at info adds less than 10 ms to the p95 of a ${what}`,
        measured: `${number(difference('info'), 2)} ms`,
        reached: difference('info') < 10,
      },
    ],
  };
}

/** Starts them all, each on a database of its own, and compares them side by side. */
async function side(
  options: SuiteOptions,
  callsFor: (ids: readonly string[]) => Call[],
  variants: Readonly<Record<string, ServerOptions>>,
): Promise<Comparison[]> {
  await using started = new AsyncDisposableStack();
  const contenders = [];
  for (const [name, variant] of Object.entries(variants)) {
    const dataDir = options.workshop.directory('cost');
    const ids = await seedSqlite(dataDir, SESSIONS);
    const server = started.use(await Server.start(options.workshop, { ...variant, dataDir }));
    contenders.push({ name, server, calls: callsFor(ids) });
  }
  return await compare(contenders, options);
}
