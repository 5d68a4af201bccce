import assert from 'node:assert/strict';
import { measureStorage } from '../../src/metrics/measured-storage.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import { overriding } from '../support/overriding.ts';
import { openTestStorage } from '../support/test-storage.ts';

describe('a measured storage', () => {
  it('times each operation under its name, those that fail included, and gives what the storage gives', async () => {
    const opened = await openTestStorage();
    const ended: [operation: string, milliseconds: number][] = [];
    const metrics = overriding(new PrometheusMetrics(), {
      queryEnded: (operation, milliseconds) => ended.push([operation, milliseconds]),
    });
    const fault = new Error('no');
    const failing = overriding(opened.storage.tasks, { get: () => Promise.reject(fault) });
    const storage = measureStorage(overriding(opened.storage, { tasks: failing }), metrics);
    try {
      assert.equal(await storage.sessions.get('x'), null);
      assert.equal(await storage.transaction(async ({ sessions }) => sessions.get('x')), null);
      await assert.rejects(storage.tasks.get('x'), fault);
      await storage.ping();
    } finally {
      await storage.close();
      await opened.dispose();
    }
    assert.deepEqual(
      ended.map(([operation]) => operation),
      ['sessions.get', 'transaction', 'tasks.get', 'ping'],
    );
    for (const [operation, milliseconds] of ended) assert.ok(milliseconds >= 0 && milliseconds < 5000, operation);
  });
});
