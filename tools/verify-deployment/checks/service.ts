import { ServiceHealth } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { parsed } from '../parsed.ts';

export const answersAsThisApi: Check = {
  id: 'service',
  title: 'the service answers, and is a Claude Projects API',
  criteria: ['AC-1.3.d', 'AC-5.3.a'],
  decisive: true,
  async verify(run) {
    const { status, text, headers } = await run.send({ method: 'GET', path: '/health' });
    const isRedirect = status >= 300 && status < 400;
    expect(!isRedirect, `it redirects to ${headers.get('Location')}: verify that address instead`);
    expect(status === 200, `GET /health is answered with status ${status}`);
    const health = parsed(ServiceHealth, text);
    expect(health !== undefined, `what answers at ${run.settings.url} is no Claude Projects API: is the URL right?`);
    return `version ${health.version}`;
  },
};

export const acceptsTheKey: Check = {
  id: 'key',
  title: 'the key is accepted, in both headers',
  criteria: ['AC-1.3.a'],
  decisive: true,
  async verify(run) {
    const { key } = run.settings;
    for (const headers of [{ Authorization: `Bearer ${key}` }, { 'X-API-Key': key }]) {
      const { status } = await run.send({ method: 'GET', path: '/api/sessions?limit=1', headers });
      const [name] = Object.keys(headers);
      expect(status !== 401, `the service does not know this key (sent as ${name})`);
      expect(status === 200, `GET /api/sessions with the key as ${name} is answered with status ${status}`);
    }
  },
};

export const itsPartsAreWell: Check = {
  id: 'health',
  title: 'its database answers and its jobs run',
  criteria: ['AC-1.4.c', 'AC-5.3.b'],
  async verify(run) {
    const ready = await run.client.getReadiness();
    expect(ready.status === 'ok', `readiness is "${ready.status}"`);
    const { dependencies, environment } = await run.client.getDetailedHealth();
    const { database, background_jobs } = dependencies;
    expect(database.connected && database.status === 'ok', `the database is "${database.status}"`);
    const unwell = background_jobs.jobs.filter((job) => job.status !== 'ok');
    expect(
      background_jobs.status === 'ok',
      `jobs: ${unwell.map(({ name, status, last_run }) => `${name} "${status}", last run ${last_run ?? 'never'}`).join('; ')}`,
    );
    return `${database.engine}, ${environment}`;
  },
};
