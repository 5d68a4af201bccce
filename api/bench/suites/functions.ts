import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type ColdFunction, type ColdStart, coldStart } from '../functions/cold-start.ts';
import { OwnedProcess, scriptCommand } from '../processes/owned-process.ts';
import { median } from './statistics.ts';
import { number, type Suite, type SuiteOptions, type Table } from './suite.ts';

const STARTS = 31;
const MOST_BYTES = 1.1 * 1024 * 1024;
const SLOWEST_START = 2.2;
const LONGEST_BEAT_MS = 1;

const Beats = z.object({ api: z.number(), bare: z.number() });

/** What a function behind API Gateway costs beyond Fastify alone: its start, its size, and each heartbeat. */
export const functions: Suite = {
  name: 'functions',
  floors: ['fastify-function'],
  async run(options) {
    const { workshop } = options;
    const folder = await workshop.function('lambda');
    const floor = workshop.floor('fastify-function');
    const started = await startInTurn(options, {
      api: { folder, handler: 'index.handler', variables: variablesOf(options) },
      floor: { folder: dirname(floor), handler: 'fastify-function.handler', variables: {} },
    });
    const parts = readdirSync(folder).map((file) => gzippedBytes(join(folder, file)));
    const [size, floorSize] = [parts.reduce((sum, bytes) => sum + bytes, 0), gzippedBytes(floor)];
    const beats = await warmBeats();
    const waited = ratioOf(started, ({ ms }) => ms);
    const worked = ratioOf(started, ({ processorMs }) => processorMs ?? Number.NaN);
    return {
      tables: [startTable(started, size, floorSize, worked, options.mongodbUri !== undefined), beatTable(beats)],
      goals: [
        {
          text: `Cold start at most ${SLOWEST_START} × that of Fastify alone`,
          measured: number(waited, 2),
          reached: waited <= SLOWEST_START,
        },
        {
          text: 'The bundle, gzipped, at most 1.1 MiB',
          measured: `${number(size / 1024)} KiB`,
          reached: size <= MOST_BYTES,
        },
        {
          text: `The adapter adds at most ${LONGEST_BEAT_MS} ms to a warm heartbeat (p50, Fastify's own work included)`,
          measured: `${number(beats.bare, 3)} ms`,
          reached: beats.bare <= LONGEST_BEAT_MS,
        },
      ],
    };
  },
};

interface Started {
  readonly api: readonly ColdStart[];
  readonly floor: readonly ColdStart[];
}

function variablesOf({ mongodbUri }: SuiteOptions): Record<string, string> {
  // Nobody listens there: then the connection fails instead of being made, beside the start either way.
  return { MONGODB_URI: mongodbUri ?? 'mongodb://127.0.0.1:1/state' };
}

async function startInTurn(
  { workshop, progress, quick }: SuiteOptions,
  { api, floor }: { api: ColdFunction; floor: ColdFunction },
): Promise<Started> {
  const preload = await workshop.runtimePreload();
  const started = { api: new Array<ColdStart>(), floor: new Array<ColdStart>() };
  // The first of each reads the disk, and is not counted.
  for (let start = 0; start <= (quick ? 5 : STARTS); start += 1) {
    const pair = { floor: await coldStart(floor, preload), api: await coldStart(api, preload) };
    progress(`first reply after ${number(pair.api.ms)} ms, of Fastify alone after ${number(pair.floor.ms)} ms`);
    if (start === 0) continue;
    started.api.push(pair.api);
    started.floor.push(pair.floor);
  }
  return started;
}

/** The median of what each pair gave: the two were started one right after the other. */
function ratioOf({ api, floor }: Started, figure: (start: ColdStart) => number): number {
  return median(
    api.map((start, index) => {
      const other = floor[index];
      return other ? figure(start) / figure(other) : Number.NaN;
    }),
  );
}

function gzippedBytes(file: string): number {
  return gzipSync(readFileSync(file)).length;
}

async function warmBeats(): Promise<z.output<typeof Beats>> {
  const script = join(import.meta.dirname, '../functions/warm-beats.ts');
  await using beating = new OwnedProcess(scriptCommand(script), {});
  return Beats.parse(JSON.parse(await beating.untilDone()));
}

function startTable(
  { api, floor }: Started,
  size: number,
  floorSize: number,
  worked: number,
  connects: boolean,
): Table {
  const row = (name: string, starts: readonly ColdStart[], bytes: number) => [
    name,
    number(median(starts.map(({ ms }) => ms))),
    number(median(starts.map(({ processorMs }) => processorMs ?? Number.NaN))),
    number(bytes / 1024),
  ];
  return {
    title: 'Cold start',
    columns: ['', 'first reply ms', 'processor ms', 'gzipped KiB'],
    rows: [row('the API', api, size), row('floor: Fastify', floor, floorSize)],
    notes: [
      `From the start of the process to the reply to GET /health, under AWS's runtime client; medians of ${api.length} starts in turn. ${connects ? 'The API connects to MongoDB meanwhile.' : 'No MongoDB is there.'}`,
      `Processor time is that of the main thread, which other programs disturb least: ${number(worked, 2)} × Fastify's.`,
    ],
  };
}

function beatTable({ api, bare }: z.output<typeof Beats>): Table {
  return {
    title: 'A warm heartbeat',
    columns: ['', 'p50 ms'],
    rows: [
      ['the API, over SQLite', number(api, 3)],
      ['Fastify alone, nothing behind it', number(bare, 3)],
    ],
    notes: ['From the event to the reply, inside of the process. The second is what the adapter costs at most.'],
  };
}
