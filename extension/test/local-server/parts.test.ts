import assert from 'node:assert/strict';
import { findRuntime } from '../../src/local-server/find-runtime.ts';
import type { ProcessRequest } from '../../src/local-server/processes.ts';
import { inheritedEnvironment } from '../../src/local-server/server-environment.ts';
import { isOlder } from '../../src/local-server/versions.ts';

describe('versions of the local server', () => {
  for (const [older, newer] of [
    ['0.1.0', '0.1.1'],
    ['0.9.9', '0.10.0'],
    ['1.99.99', '2.0.0'],
    ['garbage', '0.0.0'],
  ] as const) {
    it(`${older} is older than ${newer}, and neither than itself`, () => {
      assert.ok(isOlder(older, newer));
      assert.ok(!isOlder(newer, older));
      assert.ok(!isOlder(older, older));
      assert.ok(!isOlder(newer, newer));
    });
  }
});

describe('the environment of the local server', () => {
  it('is the editor’s without what was meant for the editor, and without keys', () => {
    const inherited = inheritedEnvironment({
      PATH: '/bin',
      HOME: '/home/somebody',
      NODE_OPTIONS: '--require debugger',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '1',
      CLAUDE_PROJECTS_API_KEY: 'secret',
      CLAUDE_PROJECTS_LOCAL_IDLE_MS: '1',
      NOTHING: undefined,
    });
    assert.deepEqual(inherited, { NODE_NO_WARNINGS: '1', PATH: '/bin', HOME: '/home/somebody' });
  });
});

describe('the runtime of the local server', () => {
  const ANSWER = 'can run it';

  async function search(isElectron: boolean, answer: (request: ProcessRequest) => string | undefined) {
    const asked: ProcessRequest[] = [];
    const result = await findRuntime({
      execPath: '/editor',
      isElectron,
      cwd: '/',
      env: { PATH: '/bin' },
      processes: {
        ask: async (request) => {
          asked.push(request);
          return answer(request);
        },
      },
    });
    return { result, asked };
  }

  it('is the editor’s own, told to be Node where it is Electron', async () => {
    const { result, asked } = await search(true, () => ANSWER);
    const env = { ELECTRON_RUN_AS_NODE: '1' };
    assert.deepEqual(result, { kind: 'found', runtime: { command: '/editor', env } });
    assert.deepEqual(asked[0]?.env, { PATH: '/bin', ...env });
    assert.equal(asked.length, 1);
  });

  it('is the editor’s own as it is where that is Node', async () => {
    const { result } = await search(false, () => ANSWER);
    assert.deepEqual(result, { kind: 'found', runtime: { command: '/editor', env: {} } });
  });

  it('is the Node on the PATH where the editor’s own lacks SQLite', async () => {
    const { result } = await search(true, ({ command }) => (command === 'node' ? ANSWER : undefined));
    assert.deepEqual(result, { kind: 'found', runtime: { command: 'node', env: {} } });
  });

  it('is missing where none answers as it should, and that is told in one message', async () => {
    const { result } = await search(true, () => 'something else');
    assert.equal(result.kind, 'missing');
    assert.match(result.message, /Node\.js 22\.13/);
  });
});
