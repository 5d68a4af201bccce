import { startTestApi } from '../../support/test-api.ts';

/** What the watch must not let pass: a test that is content with itself while a key goes into the log. */
describe('a run that leaks', () => {
  it('passes', async () => {
    const api = await startTestApi();
    api.log.write(`{"level":"INFO","message":"Leaked","context":{"key":"${api.key}"}}\n`);
    await api.close();
  });
});
