import assert from 'node:assert/strict';
import { nodeMetrics } from '../../src/metrics/node-metrics.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';

const counted = async () => ({
  active: 42,
  stalled: 1,
  offlineMachines: 2,
  jobs: [{ name: 'cleanup', status: 'ok' as const, last_run: null }],
});
const linesOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name));

describe('prometheus metrics', () => {
  it('are written in the text format, each with help and type, no name twice', async () => {
    const metrics = new PrometheusMetrics();
    metrics.requestAnswered('/api/sessions', 'POST', 201);
    metrics.requestAnswered('/api/sessions', 'POST', 201);
    metrics.requestAnswered('/api/sessions', 'POST', 400);
    metrics.requestAnswered('/api/sessions', 'GET', 200);
    const { contentType, text } = await metrics.page(counted);
    assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8');
    assert.deepEqual(linesOf(text, 'api_requests_total'), [
      'api_requests_total{endpoint="/api/sessions",method="POST",status="201"} 2',
      'api_requests_total{endpoint="/api/sessions",method="POST",status="400"} 1',
      'api_requests_total{endpoint="/api/sessions",method="GET",status="200"} 1',
    ]);
    assert.deepEqual(linesOf(text, 'active_sessions_count'), ['active_sessions_count 42']);
    const types = linesOf(text, '# TYPE ').map((line) => line.split(' ')[2]);
    assert.equal(new Set(types).size, types.length);
    assert.deepEqual(
      linesOf(text, '# HELP ').map((line) => line.split(' ')[2]),
      types,
    );
    for (const line of text.split('\n')) assert.match(line, /^$|^# (HELP|TYPE) |^[a-z_][\w]*(\{.*\})? (\S+)$/, line);
  });

  it('put latencies into buckets, those of the database by operation', async () => {
    const metrics = new PrometheusMetrics();
    for (const milliseconds of [0.4, 7, 7, 2000]) metrics.heartbeatHandled(milliseconds);
    metrics.queryEnded('ping', 3);
    metrics.queryEnded('ping', 3);
    metrics.queryEnded('transaction', 3);
    const { text } = await metrics.page(counted);
    for (const line of [
      'heartbeat_latency_ms_bucket{le="1"} 1',
      'heartbeat_latency_ms_bucket{le="10"} 3',
      'heartbeat_latency_ms_bucket{le="1000"} 3',
      'heartbeat_latency_ms_bucket{le="+Inf"} 4',
      'database_query_duration_ms_bucket{le="5",operation="ping"} 2',
      'database_query_duration_ms_count{operation="transaction"} 1',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
  });

  it('of two applications do not mix, while those of the process are one', async () => {
    const [one, other] = [new PrometheusMetrics(), new PrometheusMetrics()];
    one.requestAnswered('/health', 'GET', 200);
    assert.match((await one.page(counted)).text, /api_requests_total\{/);
    assert.doesNotMatch((await other.page(counted)).text, /api_requests_total\{/);
    assert.equal(nodeMetrics(), nodeMetrics());
  });
});
