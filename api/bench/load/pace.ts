// A fleet that beats at its own pace: `pace.ts <plan as JSON>`. Prints its result as one line of JSON.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Latencies } from './latencies.ts';
import { type LoadResult, type PacedPlan, PacedPlan as Plan } from './load-plan.ts';

const TICK_MS = 5;

process.stdout.write(`${JSON.stringify(await pace(Plan.parse(JSON.parse(process.argv[2] ?? ''))))}\n`);

/**
 * Every call has its time, and its latency counts from then: a server that falls behind cannot hide it by slowing
 * the caller down.
 */
async function pace({ url, key, seconds, paths, intervalMs }: PacedPlan): Promise<LoadResult> {
  const latencies = new Latencies();
  const agent = new Agent({ keepAlive: true });
  const before = performance.eventLoopUtilization();
  const startedAt = performance.now();
  const spacing = intervalMs / paths.length;
  const total = Math.floor((seconds * 1000) / spacing);
  const underWay = new Set<Promise<void>>();
  let failures = 0;
  const beat = async (path: string, due: number) => {
    const status = await post(`${url}${path}`, key, agent);
    latencies.record(performance.now() - due);
    if (status !== 200) failures += 1;
  };
  for (let sent = 0; sent < total; ) {
    for (; sent < total && startedAt + sent * spacing <= performance.now(); sent += 1) {
      const due = startedAt + sent * spacing;
      const call = beat(paths[sent % paths.length] ?? '', due).finally(() => underWay.delete(call));
      underWay.add(call);
    }
    await new Promise((wake) => setTimeout(wake, TICK_MS));
  }
  await Promise.all(underWay);
  agent.destroy();
  return {
    requestsPerSecond: latencies.count / ((performance.now() - startedAt) / 1000),
    requests: latencies.count,
    ...latencies.percentiles(),
    failures,
    generatorBusy: performance.eventLoopUtilization(before).utilization,
  };
}

/** The status, or 0 where there was no reply. */
function post(url: string, key: string, agent: Agent): Promise<number> {
  return new Promise((answered) => {
    const call = request(url, { method: 'POST', agent, headers: { 'x-api-key': key }, timeout: 30_000 }, (reply) => {
      reply.resume().once('end', () => answered(reply.statusCode ?? 0));
    });
    call.once('timeout', () => call.destroy());
    call.once('error', () => answered(0));
    call.end();
  });
}
