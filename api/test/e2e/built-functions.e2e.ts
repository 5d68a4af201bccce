import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FUNCTIONS } from '../../build/function-builds.ts';
import { FunctionInstance } from '../lambda/support/function-instance.ts';
import { fromReply, toEvent } from '../lambda/support/gateway.ts';
import { secretWatch } from '../support/secret-watch.ts';

const dist = join(import.meta.dirname, '../../dist');
const MOST_BYTES = 1.1 * 1024 * 1024;

describe('the built functions', () => {
  for (const name of Object.keys(FUNCTIONS)) {
    it(`${name} is one file, small enough, without the embedded database`, () => {
      assert.deepEqual(readdirSync(join(dist, name)), ['index.mjs']);
      const bundle = readFileSync(join(dist, name, 'index.mjs'));
      const bytes = gzipSync(bundle).length;
      assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
      assert.ok(!bundle.includes('node:sqlite'));
    });
  }

  it('answer from a directory that holds nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claude-projects-e2e-'));
    const key = randomUUID();
    secretWatch.addKeys([key]);
    try {
      cpSync(join(dist, 'lambda'), folder, { recursive: true });
      await using instance = await FunctionInstance.start({
        folder,
        variables: { API_KEYS: key, MONGODB_URI: 'mongodb://127.0.0.1:1/state' },
      });
      const { status } = fromReply(await instance.invoke(toEvent({ method: 'GET', url: '/health' })));
      assert.equal(status, 200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
