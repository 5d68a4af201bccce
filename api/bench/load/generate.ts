// The load generator: `generate.ts <plan as JSON>`. Prints its result as one line of JSON.
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { Latencies } from './latencies.ts';
import { type LoadPlan, type LoadResult, LoadPlan as Plan } from './load-plan.ts';

const plan = Plan.parse(JSON.parse(process.argv[2] ?? ''));
process.stdout.write(`${JSON.stringify(await generate(plan))}\n`);

async function generate({ url, key, connections, seconds, calls }: LoadPlan): Promise<LoadResult> {
  const latencies = new Latencies();
  const requests = calls.map(({ method, path, body }) => ({
    method,
    path,
    headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
  }));
  let nextShare = 0;
  const before = performance.eventLoopUtilization();
  const startedAt = performance.now();
  const { promise: done, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const options: autocannon.Options = {
    url,
    connections,
    duration: seconds,
    timeout: 30,
    setupClient: (client) => {
      const share = nextShare++;
      const own = requests.filter((_, index) => index % connections === share % connections);
      client.setRequests(own.length > 0 ? own : requests.slice(share % requests.length, (share % requests.length) + 1));
    },
  };
  const instance = autocannon(options, (error: unknown, result) => (error ? reject(error) : resolve(result)));
  // autocannon's own histogram has no p95 and knows whole milliseconds only.
  instance.on('response', (_client, _status, _bytes, milliseconds) => latencies.record(milliseconds));
  const result = await done;
  const elapsed = (performance.now() - startedAt) / 1000;
  return {
    requestsPerSecond: latencies.count / elapsed,
    requests: latencies.count,
    ...latencies.percentiles(),
    failures: result.non2xx + result.errors + result.timeouts,
    generatorBusy: performance.eventLoopUtilization(before).utilization,
  };
}
