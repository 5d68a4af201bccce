import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pointAt } from './profile.ts';

describe('the profile of the editor that `pnpm start` opens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const file = join(folder, 'User/settings.json');
  const read = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  after(() => rmSync(folder, { recursive: true }));

  it('knows where the API is, and clears the stage', () => {
    pointAt('http://127.0.0.1:3000', file);
    assert.deepEqual(read(), {
      'chat.disableAIFeatures': true,
      'git.openRepositoryInParentFolders': 'never',
      'telemetry.telemetryLevel': 'off',
      'update.mode': 'none',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'workbench.startupEditor': 'none',
      'claudeProjects.apiBaseUrl': 'http://127.0.0.1:3000',
    });
  });

  it('keeps what a person set, and follows the API to another port', () => {
    writeFileSync(file, '{"workbench.startupEditor":"readme","editor.fontSize":15}');
    pointAt('http://127.0.0.1:4000', file);
    assert.deepEqual(read(), {
      'chat.disableAIFeatures': true,
      'git.openRepositoryInParentFolders': 'never',
      'telemetry.telemetryLevel': 'off',
      'update.mode': 'none',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'workbench.startupEditor': 'readme',
      'editor.fontSize': 15,
      'claudeProjects.apiBaseUrl': 'http://127.0.0.1:4000',
    });
  });

  it('leaves alone what it cannot read', () => {
    writeFileSync(file, '{ // mine\n}');
    pointAt('http://127.0.0.1:4000', file);
    assert.equal(readFileSync(file, 'utf8'), '{ // mine\n}');
  });
});
