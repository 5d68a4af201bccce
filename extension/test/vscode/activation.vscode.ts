import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };
import { liveApi } from './support/live-api.ts';
import { until } from './support/until.ts';

const id = `${manifest.publisher}.${manifest.name}`;

describe('the extension in the editor', () => {
  it('is found, in the version of its manifest, and activates', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.match(JSON.stringify(extension.packageJSON), new RegExp(`"version":"${manifest.version}"`));
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
      document.uri.scheme === 'output' && document.uri.path.includes(id);
    await until(() => window.visibleTextEditors.find(isLog), window.onDidChangeVisibleTextEditors);
  });
});
