import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as client from '../../src/client/index.ts';
import { API_KEY, clientBench } from '../support/client-suite.ts';
import { EXAMPLE_OUTPUT, EXAMPLE_SCRIPT } from '../support/example-script.ts';
import { runProgram } from '../support/run-program.ts';

const shared = resolve(import.meta.dirname, '../..');
const readme = readFileSync(resolve(shared, 'README.md'), 'utf8');

describe('the README', () => {
  const bench = clientBench(() => client);

  it('shows the example that is tested here', () => {
    const [, shown] = /```ts\n([^]*?)```/.exec(readme) ?? [];
    assert.equal(shown, readFileSync(resolve(shared, 'examples/track-a-session.ts'), 'utf8'));
  });

  it('has an example that works', async () => {
    bench.server.script(...EXAMPLE_SCRIPT);
    const env = { CLAUDE_PROJECTS_URL: bench.server.url, CLAUDE_PROJECTS_API_KEY: API_KEY };
    const loader = '../tools/typescript-loader.ts';
    assert.equal(await runProgram(shared, ['--import', loader, 'examples/track-a-session.ts'], env), EXAMPLE_OUTPUT);
  });

  it('names every class and code of the client', () => {
    const classes = Object.keys(client).filter((name) => name.endsWith('Error'));
    for (const name of [...classes, ...Object.keys(client.LOCAL_ERRORS)]) assert(readme.includes(`\`${name}\``), name);
  });

  it('gives the defaults that hold', () => {
    const { attempts, baseDelayMs, maxDelayMs } = client.DEFAULT_RETRY_POLICY;
    const policy = `{ attempts: ${attempts}, baseDelayMs: ${baseDelayMs}, maxDelayMs: ${maxDelayMs} }`;
    assert(readme.includes(`\`${policy}\``));
    assert.match(readme, new RegExp(`\`timeoutMs\` +\\| ${client.DEFAULT_TIMEOUT_MS} `));
  });
});
