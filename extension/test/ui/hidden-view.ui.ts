import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Claude } from '../claude-code/support/claude.ts';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { watchFor } from './support/moments.ts';
import { stepByStep } from './support/step-by-step.ts';

/** Without the view, the sessions are read every two minutes. */
const LIMIT_MS = 1000;
const STATUS = '.statusbar-item[id^="claude-projects.claude-projects"]';
const BADGE = '.activitybar .action-item .badge-content';
const TOAST = '.notifications-toasts .notification-list-item-message';

describe('while another view is open', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let claude: Claude;
  const measured: unknown[] = [];

  before(async () => {
    const home = mkdtempSync(join(tmpdir(), 'claude-projects-home-'));
    owned.defer(() => rmSync(home, { recursive: true, force: true }));
    const api = owned.use(await LiveApi.start());
    launched = owned.use(
      await launchWorkbench({
        env: { CLAUDE_PROJECTS_API_KEY: api.key, CLAUDE_CONFIG_DIR: home },
        settings: { 'claudeProjects.server.mode': 'remote', 'claudeProjects.apiBaseUrl': api.url },
      }),
    );
    workbench = new Workbench(launched.page);
    await workbench.activityBar.shown('Explorer').waitFor();
    await connectClaudeCode();
  });
  after(async () => {
    for (const took of measured) process.stdout.write(`      ${JSON.stringify(took)}\n`);
    await owned.disposeAsync();
  });

  async function connectClaudeCode(): Promise<void> {
    const { palette, quickInput, comparison, notifications } = workbench;
    await palette.run('Claude Projects: Connect Claude Code', quickInput.row('Sessions in workspace'));
    await quickInput.choose('Sessions in workspace');
    await comparison.button('Connect').click();
    await comparison.editor.waitFor({ state: 'detached' });
    await notifications.toast('Review the change').first().waitFor({ state: 'detached' });
  }

  async function within(tell: () => Promise<unknown>, wanted: Parameters<typeof watchFor>[1]): Promise<void> {
    const moments = await watchFor(launched.page, wanted);
    const startedAt = Date.now();
    const [took] = await Promise.all([moments.since(startedAt), tell()]);
    measured.push(took);
    const late = Object.entries(took).flatMap(([name, ms]) => (ms > LIMIT_MS ? `${name} after ${ms} ms` : []));
    assert.deepEqual(late, []);
  }

  it('a new session is in the status bar within a second', async () => {
    claude = await Claude.start({ cwd: launched.workspace });
    owned.defer(() => claude.crash());
    await within(() => claude.tell('SessionStart', { source: 'startup' }), {
      status: { selector: STATUS, text: /workspace, idle/ },
    });
  });

  it('its question is told in the badge, the status bar and a notification within a second', async () => {
    await claude.tell('UserPromptSubmit', { prompt: 'Add a cart' });
    const question = { notification_type: 'permission_prompt', message: 'Claude needs your permission to use Bash' };
    await within(() => claude.tell('Notification', question), {
      status: { selector: STATUS, text: /1 needs you/ },
      badge: { selector: BADGE, text: /^1$/ },
      toast: { selector: TOAST, text: /asked for your input: Claude needs your permission to use Bash/ },
    });
    await workbench.notifications.dismissAll();
  });

  it('the next question is told as well, though it follows at once', async () => {
    await within(() => claude.tell('PostToolUse', { tool_name: 'Bash' }), {
      status: { selector: STATUS, text: /workspace: Add a cart$/ },
    });
    await workbench.activityBar.badge('Claude Projects').waitFor({ state: 'detached' });
    const question = { notification_type: 'permission_prompt', message: 'Claude needs your permission to use Write' };
    await within(() => claude.tell('Notification', question), {
      badge: { selector: BADGE, text: /^1$/ },
      toast: { selector: TOAST, text: /permission to use Write/ },
    });
    await workbench.notifications.dismissAll();
    assert.equal(await workbench.activityBar.shown('Explorer').count(), 1);
  });

  it('a session that is new and asks as the first thing it does is told of', async () => {
    const other = await Claude.start({ cwd: launched.workspace });
    owned.defer(() => other.crash());
    const question = { notification_type: 'permission_prompt', message: 'Claude needs your permission to use Edit' };
    await within(() => other.tell('Notification', question), {
      badge: { selector: BADGE, text: /^2$/ },
      toast: { selector: TOAST, text: /permission to use Edit/ },
    });
  });
});
