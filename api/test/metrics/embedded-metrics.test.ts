import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { randomId } from '../../src/common/ids.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { runJob } from '../../src/jobs/run-job.ts';
import { Log } from '../../src/logging/log.ts';
import { chooseMetrics } from '../../src/metrics/choose-metrics.ts';
import { EmbeddedMetrics } from '../../src/metrics/embedded-metrics.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import { FakeClock, SECOND } from '../support/fake-clock.ts';
import { openTestStorage } from '../support/test-storage.ts';

/** What CloudWatch asks of a line before it takes metrics from it. */
const EmbeddedLine = z.looseObject({
  _aws: z.strictObject({
    Timestamp: z.int(),
    CloudWatchMetrics: z.array(
      z.strictObject({
        Namespace: z.string().check(z.regex(/^[\w./#-]{1,255}$/)),
        Dimensions: z.array(z.array(z.string()).check(z.maxLength(30))).check(z.minLength(1)),
        Metrics: z
          .array(z.strictObject({ Name: z.string(), Unit: z.enum(['Count', 'Milliseconds']) }))
          .check(z.maxLength(100)),
      }),
    ),
  }),
});
const Value = z.union([z.number(), z.array(z.number()).check(z.minLength(1), z.maxLength(100))]);

describe('embedded metrics', () => {
  let clock: FakeClock;
  let written: string[];
  let metrics: EmbeddedMetrics;
  beforeEach(() => {
    clock = new FakeClock();
    written = [];
    metrics = new EmbeddedMetrics({ write: (text: string) => written.push(text) }, clock, 'staging');
  });
  const none = async () => null;

  /** The metrics of a line by name, each held against the format. */
  function metricsIn(text = ''): Record<string, z.output<typeof Value>> {
    assert.ok(text.endsWith('\n') && text.indexOf('\n') === text.length - 1, 'one line each');
    const { _aws: header, ...line } = EmbeddedLine.parse(JSON.parse(text));
    assert.equal(header.Timestamp, clock.now().getTime());
    const [directive] = header.CloudWatchMetrics;
    assert.ok(directive);
    assert.deepEqual(directive.Dimensions, [['service', 'stage']]);
    assert.deepEqual([line['service'], line['stage']], ['state-tracking-api', 'staging']);
    return Object.fromEntries(directive.Metrics.map(({ Name }) => [Name, Value.parse(line[Name])]));
  }

  it('say in one line all that happened since the last', async () => {
    metrics.queryEnded('sessions.heartbeat', 2);
    metrics.queryEnded('sessions.get', 3);
    metrics.heartbeatHandled(4);
    metrics.requestAnswered('/api/sessions/:sessionId/heartbeat', 'POST', 200);
    assert.deepEqual(written, []);
    clock.advance(10 * SECOND);
    metrics.requestAnswered('/api/sessions', 'GET', 200);
    assert.equal(written.length, 1);
    assert.deepEqual(metricsIn(written[0]), {
      api_requests_total: 2,
      heartbeat_latency_ms: [4],
      database_query_duration_ms: [2, 3],
    });
    const { requests } = z.looseObject({ requests: z.unknown() }).parse(JSON.parse(written[0] ?? ''));
    assert.deepEqual(requests, { 'POST /api/sessions/:sessionId/heartbeat 200': 1, 'GET /api/sessions 200': 1 });

    clock.advance(10 * SECOND);
    metrics.requestAnswered('/health', 'GET', 200);
    assert.deepEqual(metricsIn(written[1]), { api_requests_total: 1 });
  });

  it('write a line before it holds more values of a metric than CloudWatch takes', () => {
    for (let beat = 0; beat < 250; beat++) metrics.heartbeatHandled(beat);
    assert.deepEqual(
      written.map((line) => metricsIn(line)['heartbeat_latency_ms']),
      [0, 100].map((first) => Array.from({ length: 100 }, (_, index) => first + index)),
    );
  });

  it('write at the end the remaining measures, and the counts of sessions, machines and unhealthy jobs', async () => {
    metrics.heartbeatHandled(7);
    await metrics.close(async () => ({
      active: 5,
      stalled: 2,
      offlineMachines: 3,
      jobs: (['ok', 'degraded', 'error'] as const).map((status) => ({ name: status, status, last_run: null })),
    }));
    assert.deepEqual(metricsIn(written[0]), {
      database_up: 1,
      active_sessions_count: 5,
      stalled_sessions_count: 2,
      offline_machines_count: 3,
      unhealthy_jobs_count: 2,
      heartbeat_latency_ms: [7],
    });
  });

  it('leave out the numbers that the database did not give', async () => {
    await metrics.close(none);
    assert.deepEqual(metricsIn(written[0]), { database_up: 0 });
  });

  it('answer the page with where they are', async () => {
    const { contentType, text } = await metrics.page();
    assert.match(contentType, /^text\/plain/);
    assert.match(text, /^# .*CloudWatch/);
  });

  it('of a function that runs a job are out before it ends, the counts of sessions among them', async () => {
    const opened = await openTestStorage();
    const configuration = readConfiguration({ API_KEYS: randomUUID(), NODE_ENV: 'test', LOG_LEVEL: 'silent' });
    try {
      await runJob('detect-failures', {
        configuration,
        clock,
        log: new Log(configuration),
        makeId: randomId,
        storage: opened.storage,
        metrics,
      });
    } finally {
      await opened.dispose();
    }
    const { database_query_duration_ms: queries, ...gauges } = metricsIn(written[0]);
    assert.equal(written.length, 1);
    assert.deepEqual(gauges, {
      database_up: 1,
      active_sessions_count: 0,
      stalled_sessions_count: 0,
      offline_machines_count: 0,
      unhealthy_jobs_count: 0,
    });
    assert.ok(Array.isArray(queries) && queries.length >= 3);
  });

  it('are what a function uses, and a server does not', () => {
    const output = { write: () => true };
    assert.ok(chooseMetrics({ AWS_LAMBDA_FUNCTION_NAME: 'api' }, output, clock) instanceof EmbeddedMetrics);
    for (const variables of [{}, { AWS_LAMBDA_FUNCTION_NAME: '' }]) {
      assert.ok(chooseMetrics(variables, output, clock) instanceof PrometheusMetrics);
    }
  });
});
