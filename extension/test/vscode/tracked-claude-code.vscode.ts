import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '@claude-projects/shared/contract';
import * as vscode from 'vscode';
import { HOOK_EVENTS, hookCommand } from '../../src/claude-code/hook-command.ts';
import { hookPlace } from '../../src/claude-code/installed-hook.ts';
import { Claude } from '../claude-code/support/claude.ts';
import { api, untilTasks } from './support/api-client.ts';
import { extensionId } from './support/claude-projects.ts';
import { eventually } from './support/eventually.ts';
import { needsPerson, person } from './support/person.ts';
import { environment } from './support/runner.ts';

describe('Claude Code in the folder of this window', () => {
  let folder: string;
  let script: string;
  let claude: Claude | undefined;

  before(async function () {
    needsPerson(this);
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(workspace && extension);
    folder = workspace.uri.fsPath;
    script = join(extension.extensionPath, 'test/claude-code/support/fake-claude.ts');
    const storage = join(environment('TEST_RUN_FOLDER'), 'user/User/globalStorage', extensionId);
    const command = hookCommand(hookPlace({ storage, platform: process.platform }).launcher, process.platform);
    // As from another machine's settings, or before the extension was installed again: nothing is to be changed.
    mkdirSync(join(folder, '.claude'), { recursive: true });
    writeFileSync(
      join(folder, '.claude/settings.local.json'),
      JSON.stringify({
        hooks: Object.fromEntries(
          HOOK_EVENTS.map((event) => [event, [{ hooks: [{ type: 'command', command, timeout: 5 }] }]]),
        ),
      }),
    );
    await Promise.all([
      vscode.commands.executeCommand('claudeProjects.connectClaudeCode'),
      person.answers(`Sessions in ${workspace.name}`),
    ]);
  });

  after(async () => {
    await claude?.crash();
    if (folder) rmSync(join(folder, '.claude'), { recursive: true });
  });

  const start = async () => {
    claude = await Claude.start({ cwd: folder, script, env: { ELECTRON_RUN_AS_NODE: '1' } });
    await claude.tell('SessionStart', { source: 'startup' });
    return claude;
  };
  const untilItIs = ({ session }: Claude, what: string, fits: (session: Session) => boolean) =>
    eventually(`the session of ${session} ${what}`, async () => {
      const { sessions } = await api.listSessions({ limit: 100 });
      return sessions.find((found) => found.metadata['claude_session_id'] === session && fits(found));
    });

  it('shows up by itself, with what it does, its tasks and its end', async () => {
    const claude = await start();
    await untilItIs(claude, 'begins', ({ status, activity }) => status === 'active' && activity === 'idle');
    await claude.tell('UserPromptSubmit');
    const { session_id } = await untilItIs(claude, 'works', ({ activity }) => activity === 'working');
    await claude.tell('TaskCreated', { task_id: '1', task_subject: 'Add the cart' });
    await untilTasks(
      session_id,
      'run',
      ([task]) => task?.task_name === 'Add the cart' && task.status === 'in_progress',
    );
    await claude.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await untilItIs(claude, 'waits', ({ activity }) => activity === 'waiting_for_input');
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await untilTasks(session_id, 'are done', ([task]) => task?.status === 'completed');
    await claude.tell('SessionEnd', { reason: 'other' });
    await untilItIs(claude, 'ends', ({ status }) => status === 'completed');
    await claude.exit();
  });

  it('is seen to have died', async () => {
    const claude = await start();
    await untilItIs(claude, 'begins', ({ status }) => status === 'active');
    await claude.crash();
    const { error_message } = await untilItIs(claude, 'fails', ({ status }) => status === 'failed');
    assert.equal(error_message, 'process ended');
  });
});
