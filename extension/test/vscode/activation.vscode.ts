import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };
import { claudeProjects, extensionId } from './support/claude-projects.ts';
import { eventually } from './support/eventually.ts';
import { storedFiles, untilLogged } from './support/extension-files.ts';
import { liveApi } from './support/live-api.ts';
import { changeSetting } from './support/settings.ts';
import { until } from './support/until.ts';

// These run before all others: what they find is what activation alone has done.
describe('the extension in the editor', () => {
  it('is found, in the version of its manifest, and activates', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, `${extensionId} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.match(JSON.stringify(extension.packageJSON), new RegExp(`"version":"${manifest.version}"`));
  });

  it('leaves the disk and the API alone until something needs them', async () => {
    await claudeProjects();
    await untilLogged(/activated in/);
    assert.deepEqual(storedFiles(), []);
    const metrics = await fetch(`${liveApi.url}/metrics`, { headers: { 'x-api-key': liveApi.key } });
    assert.equal(metrics.status, 200);
    const requests = (await metrics.text()).split('\n').filter((line) => /^api_requests_total\{.*\/api\//.test(line));
    assert.deepEqual(requests, []);
  });

  it('activates within 50 ms', async () => {
    await claudeProjects();
    const [, ms] = await untilLogged(/activated in (\d+) ms/);
    assert.ok(Number(ms) <= 50, `${ms} ms`);
  });

  it('is loaded from a bundle of at most 400 KB', () => {
    const path = vscode.extensions.getExtension(extensionId)?.extensionPath ?? '';
    const { size } = statSync(join(path, manifest.main));
    assert.ok(size <= 400 * 1024, `${size} bytes`);
  });

  it('exports version 1 of its API', async () => {
    const api = await claudeProjects();
    assert.equal(api.apiVersion, 1);
    assert.deepEqual(api.orchestrations, []);
  });

  it('registers every command of its manifest', async () => {
    const declared = manifest.contributes.commands.map(({ command }) => command).toSorted();
    const registered = await eventually('the commands', async () => {
      const known = new Set(await vscode.commands.getCommands(true));
      return declared.every((command) => known.has(command)) ? known : undefined;
    });
    const ours = [...registered].filter((command) => /^claudeProjects\.[A-Za-z]+$/.test(command));
    assert.deepEqual(ours.toSorted(), declared);
  });

  it('is set to use the API beside the editor', () => {
    const settings = vscode.workspace.getConfiguration('claudeProjects');
    assert.equal(settings.get('apiBaseUrl'), liveApi.url);
    assert.equal(settings.get('server.mode'), 'remote');
    assert.equal(process.env['CLAUDE_PROJECTS_API_KEY'], liveApi.key);
  });

  it('shows its log', async () => {
    await vscode.commands.executeCommand('claudeProjects.showLog');
    const { window } = vscode;
    const isLog = ({ document }: vscode.TextEditor): boolean =>
      document.uri.scheme === 'output' && document.uri.path.includes(extensionId);
    await until(() => window.visibleTextEditors.find(isLog), window.onDidChangeVisibleTextEditors);
  });

  it('asks the API for the sessions as soon as their view is shown', async () => {
    const changeBack = await changeSetting('trace', true);
    try {
      await vscode.commands.executeCommand('claudeProjects.sessions.focus');
      await untilLogged(/GET \/api\/sessions\S* → 200, \d+ ms/);
    } finally {
      await vscode.commands.executeCommand('workbench.view.explorer');
      await changeBack();
    }
  });
});
