import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const workspace = resolve(import.meta.dirname, '../..');

function pnpm(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('npx', ['-y', 'pnpm@12.21.0', ...args], {
    cwd: workspace,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  assert.equal(status, 0, stderr);
  return `${stdout}${stderr}`;
}

describe('a workspace that was installed before', () => {
  before(() => pnpm('exec', 'node', '--version'));

  it('runs its commands with its own Node, and installs nothing again', () => {
    const output = pnpm('exec', 'node', '--version');
    assert.match(output, new RegExp(`^v${manifest.devDependencies.node}$`, 'm'));
    assert.doesNotMatch(output, /Packages:|Progress:|Already up to date/);
  });
});
