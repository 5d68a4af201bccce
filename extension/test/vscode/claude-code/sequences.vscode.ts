import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '@claude-projects/shared/client';
import * as vscode from 'vscode';
import { HOOK_EVENTS, type HookEvent, hookCommand } from '../../../src/claude-code/hook-command.ts';
import { hookPlace, installHook } from '../../../src/claude-code/installed-hook.ts';
import { Claude } from '../../claude-code/support/claude.ts';
import { api } from '../support/api-client.ts';
import { extensionId } from '../support/claude-projects.ts';
import { eventually } from '../support/eventually.ts';
import { liveApi } from '../support/live-api.ts';
import { needsPerson, person } from '../support/person.ts';
import { environment } from '../support/runner.ts';

const HOUR_MS = 3_600_000;

// What Claude Code does, by the real hook program, and what is drawn of it in the window. No test waits for its turn:
// the first that is run connects, and each leaves nothing behind.
describe('what Claude Code does in the folder of this window', function () {
  this.timeout(60_000);
  let folder: string;
  let project: string;
  let script: string;
  let inbox: string;
  let claudes: Claude[] = [];
  let connected: Promise<unknown> | undefined;

  before(async function () {
    needsPerson(this);
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(workspace && extension);
    folder = workspace.uri.fsPath;
    project = workspace.name;
    script = join(extension.extensionPath, 'test/claude-code/support/fake-claude.ts');
    const { platform, execPath, env } = process;
    const storage = join(environment('TEST_RUN_FOLDER'), 'user/User/globalStorage', extensionId);
    const installation = { storage, platform, execPath, env, isElectron: true };
    inbox = join(hookPlace(installation).root, 'inbox');
    // As after a window that is closed by now had connected it: hooks run, and nobody listens.
    await installHook({ ...installation, programs: join(extension.extensionPath, 'dist') });
    mkdirSync(join(folder, '.claude'), { recursive: true });
    const { launcher } = hookPlace(installation);
    const hooksOf = (event: HookEvent) => [
      { hooks: [{ type: 'command', command: hookCommand(launcher, platform, event), timeout: 5 }] },
    ];
    writeFileSync(
      join(folder, '.claude/settings.local.json'),
      JSON.stringify({ hooks: Object.fromEntries(HOOK_EVENTS.map((event) => [event, hooksOf(event)])) }),
    );
    await vscode.commands.executeCommand('claudeProjects.sessions.focus');
    // Rows that do not fit into the view are not drawn.
    for (const { status, session_id } of await sessions()) {
      if (status === 'completed' || status === 'failed') await api.deleteSession(session_id);
    }
  });

  afterEach(async () => {
    await liveApi.start();
    // Where the test failed they are still at work. Two of them may work on the same conversation.
    for (const claude of claudes) await claude.crash();
    for (const claude of claudes) {
      for (const { session_id } of await sessionsOf(claude)) {
        await eventually(`session ${session_id} is over`, async () => {
          const { status } = await api.getSession(session_id);
          return status === 'completed' || status === 'failed' ? true : undefined;
        });
        await api.deleteSession(session_id);
      }
    }
    claudes = [];
  });

  after(() => {
    if (folder) rmSync(join(folder, '.claude'), { recursive: true });
  });

  const sessions = async () => (await api.listSessions({ limit: 100 })).sessions;
  const sessionsOf = async ({ session }: Claude) =>
    (await sessions()).filter(({ metadata }) => metadata['claude_session_id'] === session);
  const onlySessionOf = async (claude: Claude): Promise<Session> => {
    const [session, ...others] = await sessionsOf(claude);
    assert.ok(session);
    assert.deepEqual(others, []);
    return session;
  };

  function connect(): Promise<unknown> {
    connected ??= Promise.all([
      vscode.commands.executeCommand('claudeProjects.connectClaudeCode'),
      person.answers(`Sessions in ${project}`),
    ]);
    return connected;
  }

  async function startAlone(args: readonly string[] = []): Promise<Claude> {
    const claude = await Claude.start({ cwd: folder, script, args, env: { ELECTRON_RUN_AS_NODE: '1' } });
    claudes.push(claude);
    return claude;
  }

  async function start(): Promise<Claude> {
    await connect();
    const claude = await startAlone();
    await claude.tell('SessionStart', { source: 'startup' });
    return claude;
  }

  /** As a person who leaves it does. */
  async function leave(claude: Claude): Promise<void> {
    await claude.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await claude.exit();
  }

  async function end(claude: Claude): Promise<void> {
    await leave(claude);
    await untilSeen(/^pass: completed · just now \[Archive Session\]$/);
  }

  /** The rows of this folder's sessions, from top to bottom: `icon: label · description [buttons]`, without the project. */
  function untilSeen(...expected: readonly RegExp[]): Promise<void> {
    return untilIn(person.sees, expected);
  }

  async function untilIn(sees: typeof person.sees, expected: readonly RegExp[]): Promise<void> {
    let seen: readonly string[] = [];
    try {
      await eventually('the rows', async () => {
        await vscode.commands.executeCommand('claudeProjects.refreshSessions');
        const ofProject = `Session of ${project} `;
        const rows = (await sees()).filter(({ level, name }) => level === 2 && name.includes(ofProject));
        seen = rows.map(({ icon, label, description, buttons }) => {
          const about = label === project ? '' : `${label} · `;
          return `${icon.replace('codicon-', '')}: ${about}${description} [${buttons.join(', ')}]`;
        });
        return seen.length === expected.length && expected.every((row, index) => row.test(seen[index] ?? ''))
          ? true
          : undefined;
      });
    } catch (error) {
      assert.fail(`expected ${expected.join('\n')}\nbut saw ${seen.join('\n') || 'nothing'}\n${String(error)}`);
    }
  }

  async function untilTasksSeen(...expected: readonly string[]): Promise<void> {
    let seen: readonly string[] = [];
    try {
      await person.expands(`Session of ${project}`);
      await eventually('the rows of its tasks', async () => {
        await vscode.commands.executeCommand('claudeProjects.refreshSessions');
        seen = (await person.sees())
          .filter(({ level }) => level === 3)
          .map(({ icon, label, description }) => `${icon.replace('codicon-', '')}: ${label}: ${description}`);
        return JSON.stringify(seen) === JSON.stringify(expected) ? true : undefined;
      });
    } catch (error) {
      assert.fail(`expected ${expected.join('\n')}\nbut saw ${seen.join('\n') || 'nothing'}\n${String(error)}`);
    }
  }

  it('is shown, dated when it happened, though no window was open', async () => {
    const claude = await startAlone();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await claude.beginTask('1', 'Add the cart');
    const afterwards = Date.now();
    if (connected === undefined) {
      const waiting = readdirSync(inbox).map((name) => readFileSync(join(inbox, name), 'utf8'));
      assert.equal(waiting.filter((text) => text.includes(claude.session)).length, 4);
      assert.deepEqual(await sessionsOf(claude), []);
    }
    await connect();
    await untilSeen(/^pulse: Add the cart · working · under 1 min \[Start Task, Show Terminal\]$/);
    const { started_at } = await onlySessionOf(claude);
    assert.ok(Date.parse(started_at) <= afterwards, `it is said to have begun at ${started_at}`);
    await end(claude);
  });

  it('is shown from its start through its tasks to its end', async () => {
    const claude = await start();
    await untilSeen(/^circle-outline: idle · under 1 min \[Start Task, Show Terminal\]$/);
    await claude.tell('UserPromptSubmit');
    await claude.beginTask('1', 'Add the cart');
    await claude.beginTask('2', 'Test the cart');
    await untilSeen(/^pulse: Test the cart · working · under 1 min \[/);
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await untilTasksSeen('pass: Add the cart: completed', 'play-circle: Test the cart: in progress · current');
    await claude.tell('TaskCompleted', { task_id: '2', task_subject: 'Test the cart' });
    await claude.tell('Stop');
    await untilTasksSeen('pass: Add the cart: completed', 'pass: Test the cart: completed');
    await end(claude);
  });

  it('is shown as idle after an interrupt, when it waits for the next question', async () => {
    const claude = await start();
    await claude.tell('UserPromptSubmit');
    await claude.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await untilSeen(/^question: asks: May I\? · under 1 min \[/);
    await claude.tell('Notification', { notification_type: 'idle_prompt', message: 'Claude waits for your input' });
    await untilSeen(/^circle-outline: idle · under 1 min \[/);
    assert.equal((await onlySessionOf(claude)).activity, 'idle');
    await end(claude);
  });

  it('is shown to have died', async () => {
    const claude = await start();
    await claude.tell('UserPromptSubmit');
    await untilSeen(/^pulse: working /);
    await claude.crash();
    await untilSeen(/^error: Interrupted while it worked\. · just now \[Recover Session, Archive Session\]$/);
  });

  it('is shown to live as long as its process does, and then what it was interrupted in', async () => {
    const claude = await start();
    await claude.tell('UserPromptSubmit');
    await untilSeen(/^pulse: working /);
    const { session_id } = await onlySessionOf(claude);
    await claude.tell('SessionEnd', { reason: 'other' });
    await claude.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await untilSeen(/^question: asks: May I\? · under 1 min \[/);
    await claude.tell('SessionEnd', { reason: 'other' });
    await claude.exit();
    await untilSeen(/^error: Interrupted while it asked: May I\?\. · just now \[Recover Session, Archive Session\]$/);
    assert.equal((await onlySessionOf(claude)).session_id, session_id);
  });

  it('is shown to have stopped for a limit of its rate, and to go on', async () => {
    const claude = await start();
    await claude.tell('UserPromptSubmit');
    await claude.tell('StopFailure', { error: 'rate_limit', last_assistant_message: 'API Error: Too many requests' });
    await untilSeen(/^warning: Rate limited: Too many requests · under 1 min \[Start Task, Show Terminal\]$/);
    const { session_id, status } = await onlySessionOf(claude);
    assert.equal(status, 'active');
    await claude.tell('UserPromptSubmit');
    await untilSeen(/^pulse: working · under 1 min \[/);
    assert.equal((await onlySessionOf(claude)).session_id, session_id);
    await end(claude);
  });

  it('is shown to wait for an answer for three hours', async () => {
    // It begins and asks by the API's clock of three hours ago, which then goes on at the present. Heartbeats between
    // are for tests in which time can be passed.
    await liveApi.putBack(3 * HOUR_MS);
    const claude = await start();
    await claude.tell('UserPromptSubmit');
    await claude.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await untilSeen(/^question: asks: May I\? · (?:3 h|2 h 59 min) \[/);
    const before = await onlySessionOf(claude);
    await liveApi.stop();
    await liveApi.start();
    await untilSeen(/^question: asks: May I\? · 3 h(?: 1 min)? \[Start Task, Show Terminal\]$/);
    const now = await eventually('a heartbeat of the present', async () => {
      const session = await onlySessionOf(claude);
      return session.health === 'waiting' ? session : undefined;
    });
    assert.equal(now.session_id, before.session_id);
    assert.ok(Date.now() - Date.parse(now.started_at) > 2.9 * HOUR_MS, `it began at ${now.started_at}`);
    assert.deepEqual([now.status, now.health], ['active', 'waiting']);
    await claude.tell('PostToolUse', { tool_name: 'Bash' });
    await untilSeen(/^pulse: working · 3 h(?: 1 min)? \[/);
    await end(claude);
  });

  it('is shown as another session when it is resumed', async () => {
    const first = await start();
    await untilSeen(/^circle-outline: idle /);
    await end(first);
    const second = await startAlone(['--resume', first.session]);
    assert.equal(second.session, first.session);
    await untilSeen(/^circle-outline: idle · under 1 min \[/, /^pass: completed /);
    await leave(second);
    await untilSeen(/^pass: completed /, /^pass: completed /);
  });

  it('is shown when the API is back, dated when it happened', async () => {
    await connect();
    await liveApi.stop();
    const claude = await startAlone();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.beginTask('1', 'Add the cart');
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await claude.tell('SessionEnd', { reason: 'other' });
    const afterwards = Date.now();
    await claude.exit();
    await liveApi.start();
    await untilSeen(/^error: Interrupted while it worked\. · just now \[Recover Session, Archive Session\]$/);
    const { started_at, completed_at } = await onlySessionOf(claude);
    assert.ok(Date.parse(started_at) < Date.parse(completed_at ?? ''));
    assert.ok(Date.parse(completed_at ?? '') <= afterwards, `it is said to have ended at ${completed_at}`);
    await untilTasksSeen('pass: Add the cart: completed');
  });

  it('is shown once in two windows, and goes on in this one when the other is closed', async () => {
    await connect();
    // Each window has a process like this one.
    const windows = () =>
      execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => Number.parseInt(line, 10) === process.ppid && line.includes('--type=extensionHost')).length;
    const untilWindows = (number: number) =>
      eventually(`${number} windows`, () => (windows() === number ? true : undefined));
    await untilWindows(1);
    await person.opensWindow();
    await untilWindows(2);
    const claude = await start();
    await claude.beginTask('1', 'Add the cart');
    // Either of the two may follow it. The other one learns the name of the task with its next reading.
    const working = /^pulse: (?:Add the cart · )?working · under 1 min /;
    await untilSeen(working);
    // A window that is closed before it is up leaves its extension host behind.
    await untilIn(person.seesInSecondWindow, [working]);
    await person.closesWindow();
    await untilWindows(1);
    await claude.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await untilSeen(/^question: (?:Add the cart · )?asks: May I\? · under 1 min \[/);
    const { session_id } = await onlySessionOf(claude);
    assert.equal((await api.listTasks({ session_id })).total, 1);
    await end(claude);
  });
});
