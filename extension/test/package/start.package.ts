import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import type { Browser } from 'playwright-core';
import manifest from '../../../package.json' with { type: 'json' };
import { findBrowser } from '../workbench/install/chromium.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { OwnedProcess } from '../workbench/processes/owned-process.ts';
import { createRunFolder, type RunFolder } from '../workbench/processes/run-folder.ts';
import { startHeadless } from './support/headless.ts';

const workspace = resolve(import.meta.dirname, '../../..');

/** Who reads that page does no more than this. */
const quickStart = readFileSync(join(workspace, 'docs/QUICKSTART.md'), 'utf8');
const commands = [...quickStart.matchAll(/```bash run\n([\s\S]*?)```/g)].map(([, command = '']) => command);

describe('what `pnpm start` opens', () => {
  let folder: RunFolder;
  let program: OwnedProcess | undefined;
  let browser: Browser | undefined;

  beforeEach(() => {
    folder = createRunFolder();
  });
  afterEach(async () => {
    await browser?.close();
    await program?.end(15_000);
    browser = undefined;
    program = undefined;
    folder[Symbol.dispose]();
  });

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): OwnedProcess {
    program = another(args, env);
    return program;
  }

  function another(args: readonly string[], env: NodeJS.ProcessEnv = {}): OwnedProcess {
    return new OwnedProcess('node', ['tools/start.ts', ...args], {
      cwd: workspace,
      env: { PATH: process.env['PATH'], HOME: folder.path, DATA_DIR: join(folder.path, 'data'), ...env },
    });
  }

  async function addressOf(started: OwnedProcess): Promise<{ baseUrl: string; apiKey: string }> {
    const baseUrl = await started.untilPrinted(/API {8}(http:\S+)\/api/);
    return { baseUrl, apiKey: await started.untilPrinted(/API key {4}(\S+)/) };
  }

  it('in the browser: plays the demo by itself, and leads from the quick start to a recovered session', async function () {
    const found = findBrowser();
    if (!found.found) {
      process.stdout.write(`skipped: ${found.reason}\n`);
      this.skip();
    }
    assert.ok(quickStart.includes('```bash\nnpx -y pnpm@12.21.0 demo\n```'));
    assert.equal(manifest.scripts.demo, 'node tools/start.ts --demo');
    const started = start(['--demo', '--editor=browser']);
    const address = await addressOf(started);
    const client = new StateTrackingApiClient(address);
    const url = await started.untilPrinted(/VS Code {4}(http:\S+)/);
    assert.equal((await fetch(new URL('/', url))).status, 403, 'who was not told the token is kept out');
    browser = await startHeadless(folder.path);
    const page = await browser.newPage();
    await page.goto(url);
    const { sessions, dialog, notifications } = new Workbench(page);
    await sessions.row(/\bSession of demo\/shop-\w+ on .+: recovered\./).waitFor({ timeout: 90_000 });
    await sessions.row(/\bSession of demo\/shop-\w+ on .+: completed\./).waitFor({ timeout: 30_000 });
    assert.equal((await client.listSessions()).total, 2);
    await notifications.button('The demo is over', 'Connect Claude Code').waitFor();
    assert.equal(await notifications.toast('git repository').count(), 0);

    const [begin = '', die = ''] = commands;
    const row = (state: string) => new RegExp(`\\bSession of acme/shop on workstation: ${state}\\.`);
    paste(begin, address);
    await sessions.row(row('working')).waitFor({ timeout: 30_000 });
    paste(die, address);
    await sessions.row(row('stalled')).waitFor({ timeout: 30_000 });
    await sessions.press(row('stalled'), 'Recover Session');
    await dialog.detail.getByText('Write the checkout').waitFor();
    await dialog.press('Recover');
    await sessions.row(/\bSession of acme\/shop on .+: working\./).waitFor({ timeout: 30_000 });
    await notifications.press(/^The session of acme\/shop\b.* is recovered\./, 'Start “Write the checkout”');
    await sessions.row(/^Write the checkout\. Session of acme\/shop on .+: working\./).waitFor();
    const [recovered] = (await client.listSessions({ project_id: 'acme/shop', status: 'active' })).sessions;
    assert.equal(
      (await client.listTasks({ session_id: recovered?.session_id ?? '' })).tasks[0]?.task_name,
      'Write the checkout',
    );
    await started.end(15_000);
    await assert.rejects(fetch(url), 'the editor ends with what started it');
  });

  it('on the desktop: in a profile of its own, with the key in no file', async function () {
    // Its command is played by a script: what it is asked to do is what is looked at.
    if (process.platform === 'win32') this.skip();
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    const calls = join(folder.path, 'calls');
    const lock = join(folder.path, 'data/vscode-desktop/user/code.lock');
    // As the real one does, it outlives a moment the command that waits for it.
    const editor = `trap 'wait; exit' TERM; (trap 'echo ended >>"${calls}"; exit' TERM; while :; do sleep 0.1; done) & echo $! >"${lock}"; wait`;
    const note = `echo "$CLAUDE_PROJECTS_API_KEY $*" >>"${calls}"`;
    writeFileSync(join(bin, 'code'), `#!/bin/sh\n${note}\ncase "$*" in *--wait*) ${editor};; esac\n`);
    chmodSync(join(bin, 'code'), 0o755);
    const started = start(['--editor=desktop'], { PATH: `${bin}${delimiter}${process.env['PATH']}` });
    const { baseUrl, apiKey: key } = await addressOf(started);
    await started.untilPrinted(/Opening VS Code/);
    const data = join(folder.path, 'data');
    await until(() => readFileSync(calls, 'utf8').split('\n').length > 2);
    const [installing = '', opening = ''] = readFileSync(calls, 'utf8').split('\n');
    const own = `--user-data-dir ${data}/vscode-desktop/user --extensions-dir ${data}/vscode-desktop/extensions`;
    assert.ok(installing.startsWith(`${key} ${own} --install-extension ${workspace}/extension/claude-projects-`));
    assert.equal(opening, `${key} ${own} --disable-workspace-trust --new-window --wait ${data}/playground`);
    const readSettings = () => readFileSync(join(data, 'vscode-desktop/user/User/settings.json'), 'utf8');
    const settings = readSettings();
    assert.ok(settings.includes(`"claudeProjects.apiBaseUrl": "${baseUrl}"`));
    assert.ok(!settings.includes(key));
    await until(() => existsSync(lock) && statSync(lock).size > 0);
    const second = another(['--editor=desktop'], { PATH: `${bin}${delimiter}${process.env['PATH']}` });
    await second.untilPrinted(/runs already/);
    await second.untilEnded();
    assert.ok(second.output.includes(`API        ${baseUrl}/api`), second.output);
    assert.equal(readSettings(), settings, 'the first editor keeps its server');
    await started.end(15_000);
    assert.match(readFileSync(calls, 'utf8'), /\nended\n$/, 'the editor ends with what opened it');
  });
});

/** Into another terminal, as the page says. */
function paste(command: string, { baseUrl, apiKey }: { baseUrl: string; apiKey: string }): void {
  const env = { PATH: process.env['PATH'], URL: baseUrl, KEY: apiKey };
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', command], { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** The script goes on when the system lets it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((wake) => setTimeout(wake, 20));
}
