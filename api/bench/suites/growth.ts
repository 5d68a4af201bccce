import { Agent } from 'node:http';
import { seedSqlite } from '../data/seed-sqlite.ts';
import { heartbeatCalls } from '../load/calls.ts';
import { call } from '../processes/http-call.ts';
import { Server } from '../processes/server.ts';
import { type Comparison, compare, middle, ratio } from './compare.ts';
import { percentile } from './statistics.ts';
import { type Goal, number, type Suite, type SuiteOptions, type SuiteResult } from './suite.ts';

const READS = 60;

const READ_CALLS = [
  { name: 'stall scan', method: 'POST', path: '/api/sessions/detect-failures' },
  { name: 'stalled list', method: 'GET', path: '/api/sessions/stalled' },
  { name: 'health summary', method: 'GET', path: '/api/sessions/health' },
] as const;

/** A server over so many stored sessions, and those of them that beat. */
export interface Size {
  name: string;
  server: Server;
  ids: string[];
}

/** The same live sessions among ever more that have ended. */
export const POPULATION = { live: 500, stalled: 50 };

export const growth: Suite = {
  name: 'growth',
  floors: [],
  async run(options) {
    const sizes = options.quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000];
    await using started = new AsyncDisposableStack();
    const servers: Size[] = [];
    for (const total of sizes) {
      options.progress(`storing ${total} sessions`);
      const dataDir = options.workshop.directory('growth');
      const ids = await seedSqlite(dataDir, { total, ...POPULATION });
      const server = started.use(await Server.start(options.workshop, { dataDir }));
      servers.push({ name: total.toLocaleString('en'), server, ids });
    }
    return await measureGrowth('SQLite', servers, options);
  },
};

export async function measureGrowth(
  engine: string,
  servers: readonly Size[],
  options: SuiteOptions,
): Promise<SuiteResult> {
  const reads = await measureReads(servers, options);
  const beats = await compare(
    servers.map(({ name, server, ids }) => ({ name, server, calls: heartbeatCalls(ids) })),
    options,
  );
  return {
    tables: [
      {
        title: `As ended sessions pile up, over ${engine}: p95 in ms with ${POPULATION.live} live and ${POPULATION.stalled} stalled ones among them`,
        columns: ['sessions stored', 'heartbeat', '… × the first', ...READ_CALLS.map(({ name }) => name)],
        rows: beats.map((comparison, index) => [
          comparison.name,
          number(middle(comparison, 'p95'), 2),
          number(growthOf(beats, comparison), 2),
          ...READ_CALLS.map((read) => number(p95Of(reads, read.name, index), 2)),
        ]),
        notes: [
          `Heartbeats at 100 connections, rounds of ${options.seconds} s in turn; the rest one call at a time, ${READS} of each, in turn. The scan finds nothing to mark.`,
        ],
      },
    ],
    goals: goals(engine, beats, reads),
  };
}

type Reads = Map<string, number[][]>;

async function measureReads(servers: readonly Size[], { progress }: SuiteOptions): Promise<Reads> {
  const agent = new Agent({ keepAlive: true });
  const reads: Reads = new Map();
  for (const { name, method, path } of READ_CALLS) {
    progress(name);
    const times = servers.map((): number[] => []);
    // The first two of each are not counted: they open the connection and read the pages.
    for (let round = -2; round < READS; round += 1) {
      for (const [index, { server }] of servers.entries()) {
        const before = performance.now();
        const answer = await call(method, `${server.url}${path}`, { 'x-api-key': server.key }, agent);
        if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.body}`);
        if (round >= 0) times[index]?.push(performance.now() - before);
      }
    }
    reads.set(name, times);
  }
  agent.destroy();
  return reads;
}

function p95Of(reads: Reads, name: string, index: number): number {
  return percentile(reads.get(name)?.at(index) ?? [], 95);
}

function growthOf(beats: readonly Comparison[], comparison: Comparison): number {
  const [first] = beats;
  return first ? ratio(comparison, first, 'p95') : Number.NaN;
}

function goals(engine: string, beats: readonly Comparison[], reads: Reads): Goal[] {
  const last = beats.at(-1);
  const growth = last ? growthOf(beats, last) : Number.NaN;
  return [
    {
      text: `Heartbeat over ${engine}: p95 with ${last?.name} sessions stored at most 1.3 × that with 1,000`,
      measured: number(growth, 2),
      reached: growth <= 1.3,
    },
    ...['stalled list', 'health summary'].map((name) => {
      const [first, end] = [p95Of(reads, name, 0), p95Of(reads, name, -1)];
      // What scans grows with what is stored, a thousand times over; twice, and a millisecond, is noise.
      return {
        text: `The ${name} over ${engine} does not scan ended sessions: as fast with ${last?.name} stored as with 1,000`,
        measured: `${number(first, 2)} → ${number(end, 2)} ms`,
        reached: end <= first * 2 + 1,
      };
    }),
  ];
}
