import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

const folder = join(import.meta.dirname, '..');

describe('the extension bundle', function () {
  this.timeout(30_000);

  before(() => {
    const built = spawnSync(process.execPath, ['build/build-extension.mts'], { cwd: folder, encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
  });

  it('is one file that loads nothing but the editor and what Node brings', () => {
    const code = readFileSync(join(folder, manifest.main), 'utf8');
    const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
    assert.deepEqual(
      required.filter((name) => name !== 'vscode' && !name?.startsWith('node:')),
      [],
    );
  });

  it('is at most 400 KB', () => {
    assert.ok(statSync(join(folder, manifest.main)).size <= 400 * 1024);
  });

  it('registers every command the manifest promises', () => {
    const code = readFileSync(join(folder, manifest.main), 'utf8');
    for (const { command } of manifest.contributes.commands) assert.ok(code.includes(`"${command}"`), command);
  });
});
