import assert from 'node:assert/strict';
import { liveApi } from './support/live-api.ts';

/** `undefined` where nobody answers. */
async function sessions(): Promise<number | undefined> {
  try {
    return (await fetch(`${liveApi.url}/api/sessions`, { headers: { 'x-api-key': liveApi.key } })).status;
  } catch {
    return undefined;
  }
}

describe('the API beside the editor', () => {
  afterEach(() => liveApi.start());

  it('answers to its key', async () => {
    assert.equal(await sessions(), 200);
  });

  it('can be stopped, and comes back at the same address', async () => {
    await liveApi.stop();
    assert.equal(await sessions(), undefined);
    await liveApi.start();
    assert.equal(await sessions(), 200);
  });

  it('can crash', async () => {
    await liveApi.kill();
    assert.equal(await sessions(), undefined);
  });
});
