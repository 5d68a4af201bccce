import { seedSqlite } from '../data/seed-sqlite.ts';
import { heartbeatCalls, LIST_CALL } from '../load/calls.ts';
import { MemoryWatch } from '../processes/resources.ts';
import { Server } from '../processes/server.ts';
import { COMPARISON_COLUMNS, type Comparison, compare, comparisonRow, find, ratio } from './compare.ts';
import { type Goal, number, type Suite, type SuiteOptions, type Table } from './suite.ts';

const SESSIONS = { total: 1000, live: 500, stalled: 0 };
const API = 'the API';
const FASTIFY = 'floor: Fastify';
const HTTP = 'floor: node:http';
const MB_PER_MIB = 1.048_576;

/** Heartbeats and lists over the embedded engine, against the same storage calls with nothing around them. */
export const throughput: Suite = {
  name: 'throughput',
  floors: ['fastify', 'node-http'],
  async run(options) {
    const { workshop } = options;
    const populated = async () => {
      const dataDir = workshop.directory('throughput');
      return { dataDir, ids: await seedSqlite(dataDir, SESSIONS) };
    };
    const [forApi, forFastify, forHttp] = [await populated(), await populated(), await populated()];
    await using api = await Server.start(workshop, { dataDir: forApi.dataDir });
    await using fastify = await Server.start(workshop, {
      program: workshop.floor('fastify'),
      dataDir: forFastify.dataDir,
    });
    await using http = await Server.start(workshop, { program: workshop.floor('node-http'), dataDir: forHttp.dataDir });
    using memory = new MemoryWatch(api.pid);
    const contenders = [
      { name: API, server: api, ids: forApi.ids },
      { name: FASTIFY, server: fastify, ids: forFastify.ids },
      { name: HTTP, server: http, ids: forHttp.ids },
    ];
    options.progress('heartbeats over SQLite');
    const beats = await compare(
      contenders.map(({ ids, ...rest }) => ({ ...rest, calls: heartbeatCalls(ids) })),
      options,
    );
    const beating = memory.peakMiB;
    options.progress('lists over SQLite');
    using listing = new MemoryWatch(api.pid);
    const lists = await compare(
      contenders.map(({ name, server }) => ({ name, server, calls: [LIST_CALL] })),
      options,
    );
    return {
      tables: [
        tableOf(`POST …/heartbeat over SQLite, ${SESSIONS.live} sessions that beat`, beats, options),
        tableOf(`GET /api/sessions?limit=50 over SQLite, ${SESSIONS.total} sessions`, lists, options),
      ],
      goals: [...goals(beats), ...memoryGoals(beating, listing.peakMiB)],
    };
  },
};

function tableOf(title: string, measured: readonly Comparison[], { seconds, rounds }: SuiteOptions): Table {
  const api = find(measured, API);
  const against = (name: string) =>
    `Against ${name}: ${number(ratio(api, find(measured, name), 'requestsPerSecond'), 2)} of its throughput, ` +
    `${number(ratio(api, find(measured, name), 'p95'), 2)} × its p95, ` +
    `${number(ratio(api, find(measured, name), 'cpuPerRequest'), 2)} × its CPU time a request.`;
  return {
    title,
    columns: COMPARISON_COLUMNS,
    rows: measured.map(comparisonRow),
    notes: [
      `100 connections, ${rounds} rounds of ${seconds} s each, one after the other in turn; medians over the rounds, ratios within each round.`,
      against(FASTIFY),
      against(HTTP),
    ],
  };
}

function goals(beats: readonly Comparison[]): Goal[] {
  const throughput = ratio(find(beats, API), find(beats, FASTIFY), 'requestsPerSecond');
  const p95 = ratio(find(beats, API), find(beats, FASTIFY), 'p95');
  return [
    {
      text: "Heartbeat over SQLite: at least 0.7 of bare Fastify's throughput",
      measured: number(throughput, 2),
      reached: throughput >= 0.7,
    },
    {
      text: "Heartbeat over SQLite: p95 at most 1.5 × bare Fastify's",
      measured: number(p95, 2),
      reached: p95 <= 1.5,
    },
  ];
}

/** A page of fifty sessions leaves fifty times the garbage of a heartbeat, so the two are told apart. */
function memoryGoals(heartbeats: number, lists: number): Goal[] {
  return [
    { text: 'RSS under the load of heartbeats', peakMiB: heartbeats, most: 180 },
    { text: 'RSS under the load of lists after it, so that it does not grow back:', peakMiB: lists, most: 270 },
  ].map(({ text, peakMiB, most }) => ({
    text: `${text} at most ${most} MB`,
    measured: `${number(peakMiB * MB_PER_MIB)} MB`,
    reached: peakMiB * MB_PER_MIB <= most,
  }));
}
