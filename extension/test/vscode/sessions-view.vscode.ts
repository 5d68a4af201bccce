import * as vscode from 'vscode';
import { api, foreignSession } from './support/api-client.ts';
import { logMark, untilLogged } from './support/extension-files.ts';
import { changeSetting } from './support/settings.ts';

const LIST = String.raw`GET /api/sessions\S*`;

// What is in its rows is for the tests of the user interface: an extension cannot see the view of another.
describe('the Sessions view', () => {
  let changeBack: () => Promise<void>;

  before(async () => {
    changeBack = await changeSetting('trace', true);
  });
  after(() => changeBack());

  it('is sent what has changed, and nothing where nothing has', async () => {
    const before = logMark();
    const { session_id } = await foreignSession('view/changes');
    await vscode.commands.executeCommand('claudeProjects.refreshSessions');
    await untilLogged(new RegExp(`${LIST} → 200`), before);
    const unchanged = logMark();
    await vscode.commands.executeCommand('claudeProjects.refreshSessions');
    await untilLogged(new RegExp(`${LIST} → 304`), unchanged);
    await api.updateSession(session_id, { status: 'completed' });
  });
});
