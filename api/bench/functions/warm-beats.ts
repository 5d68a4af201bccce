// Prints the median milliseconds of a heartbeat in a warm function, of the API's and of Fastify alone behind the same
// adapter, without the platform around it.   node --import ../tools/typescript-loader.ts bench/functions/warm-beats.ts
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '@claude-projects/shared/contract';
import { systemClock } from '../../src/common/clock.ts';
import { randomId } from '../../src/common/ids.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { type ApiFunction, createApiFunction } from '../../src/lambda/api-function.ts';
import { Log } from '../../src/logging/log.ts';
import { EmbeddedMetrics } from '../../src/metrics/embedded-metrics.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/index.ts';
import { context, fromReply, type SentRequest, toEvent } from '../../test/lambda/support/gateway.ts';
import { handler as bare } from '../floors/fastify-function.ts';
import { median } from '../suites/statistics.ts';

const ROUNDS = 20;
const BEATS = 200;

const key = randomUUID();
const dataDir = mkdtempSync(join(tmpdir(), 'claude-projects-beats-'));
const storage = openSqliteStorage({ dataDir });
const configuration = {
  ...readConfiguration({
    API_KEYS: key,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_HEARTBEATS_PER_MINUTE: '1000000000',
  }),
  scheduleJobs: false,
};
const parts = { configuration, clock: systemClock, storage, makeId: randomId, log: new Log(configuration) };
const metrics = new EmbeddedMetrics({ write: () => undefined }, systemClock, undefined);
const { handler: api } = await createApiFunction({ ...parts, metrics }, undefined);

const headers = { 'x-api-key': key, 'content-type': 'application/json' };
const create = {
  method: 'POST',
  url: '/api/sessions',
  headers,
  body: '{"project_id":"project","machine_id":"machine"}',
};
const session = Session.parse(JSON.parse((await ask(api, create)).text));
const beat = { method: 'POST', url: `/api/sessions/${session.session_id}/heartbeat`, headers, body: '{}' };
const bareBeat = { ...beat, url: '/heartbeat' };

const spent = { api: new Array<number>(), bare: new Array<number>() };
// The first rounds warm up.
for (let round = -2; round < ROUNDS; round += 1) {
  for (let beats = 0; beats < BEATS; beats += 1) {
    const times = { api: await timed(api, beat), bare: await timed(bare, bareBeat) };
    if (round < 0) continue;
    spent.api.push(times.api);
    spent.bare.push(times.bare);
  }
}
await storage.close();
rmSync(dataDir, { recursive: true });
process.stdout.write(`${JSON.stringify({ api: median(spent.api), bare: median(spent.bare) })}\n`, () =>
  process.exit(0),
);

type Answer = ApiFunction['handler'] | typeof bare;

async function ask(answer: Answer, request: SentRequest) {
  return fromReply(await answer(toEvent(request), context));
}

async function timed(answer: Answer, request: SentRequest): Promise<number> {
  const event = toEvent(request);
  const startedAt = performance.now();
  await answer(event, context);
  return performance.now() - startedAt;
}
