import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { HOOK_EVENTS, hookCommand } from '../../src/claude-code/hook-command.ts';
import { hookPlace, installHook } from '../../src/claude-code/installed-hook.ts';
import type { Direction } from '../../src/claude-code/settings-file/connector.ts';
import { withHooks, withoutHooks } from '../../src/claude-code/settings-file/hooks-in-settings.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { builtHook } from './support/built-hook.ts';
import { Stage } from './support/stage.ts';

describe('the hook program in its place', function () {
  this.timeout(30_000);
  const root = temporaryFolder();
  const hook = builtHook();
  const parts = () => ({
    storage: join(root(), `it's "$HOME" & more`),
    programs: hook(),
    platform: process.platform,
    execPath: process.execPath,
    isElectron: false,
    env: process.env,
  });
  const input = JSON.stringify({ session_id: 'one', cwd: '/shop', hook_event_name: 'Stop' });
  const runHook = (launcher: string, env: Readonly<Record<string, string>> = {}) => {
    const command = hookCommand(launcher, process.platform, 'Stop');
    const options = { shell: true, input, env: { ...process.env, ...env }, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(command, options);
    return { status, printed: stdout + stderr };
  };
  const silent = { status: 0, printed: '' };
  const recorded = () => {
    return readdirSync(join(hookPlace(parts()).root, 'inbox')).length;
  };

  it('is run by a shell, from a folder with an awkward name, whatever Node was told', async () => {
    const { launcher } = await installHook(parts());
    assert.deepEqual(runHook(launcher), silent);
    assert.deepEqual(runHook(launcher, { NODE_OPTIONS: '--require /no/such/file' }), silent);
    assert.equal(recorded(), 2);
  });

  it('is run by the command of an older version too, which says no event', async () => {
    const { launcher } = await installHook(parts());
    const older = hookCommand(launcher, process.platform, 'Stop').replace(' Stop', '');
    const { status, stdout, stderr } = spawnSync(older, { shell: true, input, encoding: 'utf8' });
    assert.deepEqual({ status, printed: stdout + stderr }, silent);
    assert.equal(recorded(), 1);
  });

  it('disturbs nobody when it is gone', async () => {
    const { root: folder, launcher } = await installHook(parts());
    renameSync(folder, `${folder}.away`);
    assert.deepEqual(runHook(launcher), silent);
  });

  it('is written again only where it changed, and takes the place of an older one', async () => {
    const { root: folder, launcher } = await installHook(parts());
    writeFileSync(join(folder, 'hook.js'), '// older');
    const { ino } = statSync(launcher);
    await installHook(parts());
    assert.equal(statSync(launcher).ino, ino);
    assert.ok(!existsSync(join(folder, 'hook.js')));
    writeFileSync(launcher, '# older');
    await installHook(parts());
    assert.equal(readFileSync(launcher, 'utf8'), readFileSync(join(hook(), 'hook.sh'), 'utf8'));
  });

  it('is called by the name of its file on Windows too', async () => {
    const windows = { ...parts(), platform: 'win32' as const };
    const { launcher } = await installHook(windows);
    const text = readFileSync(launcher, 'utf8');
    assert.match(text, /^@echo off\r\n/);
    assert.match(text, /"[^"]*hook\.js" %1 >nul/);
    assert.match(text, /exit \/b 0\r\n$/);
    assert.equal(
      hookCommand('C:\\Users\\Ada L\\claude-projects-hook\\hook.cmd', 'win32', 'Stop'),
      '"C:/Users/Ada L/claude-projects-hook/hook.cmd" Stop',
    );
  });
});

describe('connecting Claude Code', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
  });

  afterEach(() => stage.clear());

  it('leaves the disk alone until it is done, also in windows that open later', async () => {
    const window = stage.open();
    await window.claudeCode.idle();
    assert.ok(!existsSync(stage.storage));
    assert.deepEqual(await window.claudeCode.connector.connected(), []);
  });

  it('works for this folder, and for all with the settings of the user', async () => {
    const window = await stage.openConnected();
    const { connector } = window.claudeCode;
    assert.deepEqual(
      (await connector.connected()).map(({ path }) => path),
      [join(stage.folder, '.claude', 'settings.local.json')],
    );
    await window.connect('user');
    assert.equal((await connector.connected()).length, 2);
    const claude = await stage.startClaude({ env: { CLAUDE_CONFIG_DIR: join(root(), 'home') } });
    // Where both are connected, both report; what is tracked is the same.
    assert.equal(await claude.tell('SessionStart', { source: 'startup' }), 2);
    await stage.untilHeld(['active idle']);
  });

  it('ends with disconnecting: nothing is reported, nor followed', async () => {
    const window = await stage.openConnected();
    const { connector } = window.claudeCode;
    const [scope] = await connector.connected();
    assert.ok(scope);
    const plan = await connector.plan(scope, 'disconnect');
    assert.ok(plan.kind === 'change');
    assert.equal(await connector.write(plan), 'written');
    await connector.settle(scope, 'disconnect');
    await window.claudeCode.idle();
    assert.equal(existsSync(dirname(scope.path)), false, 'there was no folder before');
    const claude = await stage.startClaude();
    assert.equal(await claude.tell('SessionStart', { source: 'startup' }), 0);
    assert.deepEqual(readdirSync(join(hookPlace({ storage: stage.storage, platform: 'linux' }).root, 'inbox')), []);
  });

  it('brings back what was there before settings were connected, also by a later version', async () => {
    const window = stage.open();
    const { connector } = window.claudeCode;
    const scope = connector.scopes.find(({ kind }) => kind === 'user');
    assert.ok(scope);
    const change = async (direction: Direction) => {
      const plan = await connector.plan(scope, direction);
      assert.ok(plan.kind === 'change');
      assert.equal(await connector.write(plan), 'written');
      await connector.settle(scope, direction);
    };
    mkdirSync(dirname(scope.path), { recursive: true });
    for (const before of ['', ' \n', '{}', '{ }\n', '{\n}\n']) {
      writeFileSync(scope.path, before);
      await change('connect');
      writeFileSync(scope.path, readFileSync(scope.path, 'utf8').replaceAll('hook.sh', 'claude-projects-hook/hook.sh'));
      await change('connect');
      // As Claude Code does when it adds a setting of its own.
      writeFileSync(scope.path, `${JSON.stringify(JSON.parse(readFileSync(scope.path, 'utf8')))}\n`);
      await change('disconnect');
      assert.equal(readFileSync(scope.path, 'utf8'), before);
    }
    rmSync(scope.path);
    await change('connect');
    writeFileSync(scope.path, readFileSync(scope.path, 'utf8').replace('{', '{ "model": "opus",'));
    await change('disconnect');
    assert.deepEqual(JSON.parse(readFileSync(scope.path, 'utf8')), { model: 'opus' });
    await change('connect');
    writeFileSync(join(dirname(scope.path), 'other.json'), '');
    writeFileSync(scope.path, readFileSync(scope.path, 'utf8').replace(/,?\s*"model": "opus"/, ''));
    await change('disconnect');
    assert.deepEqual(readdirSync(dirname(scope.path)), ['other.json']);
  });

  it('leaves nothing behind where another window of this editor disconnects', async () => {
    // What one keeps in the editor's memory is not seen by another that is open already.
    const second = stage.open({ state: new Map() });
    const first = stage.open({ state: new Map() });
    await first.connect();
    const { connector } = second.claudeCode;
    const [scope] = await connector.connected();
    assert.ok(scope);
    const plan = await connector.plan(scope, 'disconnect');
    assert.ok(plan.kind === 'change');
    assert.equal(plan.after, undefined);
    assert.equal(await connector.write(plan), 'written');
    assert.equal(existsSync(dirname(scope.path)), false, 'there was no folder before');
  });

  it('still sees what runs come to its end after disconnecting', async () => {
    const window = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    const { connector } = window.claudeCode;
    const [scope] = await connector.connected();
    assert.ok(scope);
    await connector.settle(scope, 'disconnect');
    await claude.crash();
    await stage.untilHeld(['failed: Its process ended.'], () => stage.passTime());
  });
});

describe('hooks of an older version', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let path: string;
  let state: Map<string, unknown>;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    path = join(stage.folder, '.claude', 'settings.local.json');
    mkdirSync(dirname(path));
    state = new Map<string, unknown>([['claudeProjects.claudeCode.connected', [path]]]);
  });

  afterEach(() => stage.clear());

  const foreign = '{\n  // mine\n  "model": "opus",\n  "hooks": { "Stop": [] }\n}\n';
  const commandOfOlder = (launcher: string) => `sh '${launcher.replaceAll("'", `'\\''`)}' "$PPID" 2>/dev/null || true`;
  const ownLauncher = () => hookPlace({ storage: stage.storage, platform: process.platform }).launcher;
  const writeOlder = (launcher: string) => {
    const edited = withHooks(foreign, () => commandOfOlder(launcher));
    assert.ok(edited.ok);
    // It knew fewer events.
    const text = edited.text.replace(/ {4}"PreToolUse": \[[^]*?\n {4}\],\n/, '');
    assert.ok(!text.includes('PreToolUse'));
    writeFileSync(path, text);
    return text;
  };
  const openWindow = async () => {
    const window = stage.open({ state });
    await window.claudeCode.idle();
    return window;
  };
  const settings = () => readFileSync(path, 'utf8');

  it('are brought up to date when a window opens, which says so once, and nothing else is changed', async () => {
    writeOlder(ownLauncher());
    const window = await openWindow();
    const updated = settings();
    for (const event of HOOK_EVENTS) assert.ok(updated.includes(`\\"$PPID\\" ${event} 2>`), event);
    assert.ok(!updated.includes('\\"$PPID\\" 2>'));
    assert.deepEqual(withoutHooks(updated), withoutHooks(writeOlder(ownLauncher())));
    writeFileSync(path, updated);
    assert.deepEqual(
      window.notifier.notices.map(({ severity, message }) => [severity, message.includes(path)]),
      [['info', true]],
    );
    assert.deepEqual((await openWindow()).notifier.notices, []);
    assert.equal(settings(), updated);
  });

  it('are not put back where somebody took one out since', async () => {
    writeOlder(ownLauncher());
    await openWindow();
    const text = settings().replace(/ {4}"PreToolUse": \[[^]*?\n {4}\],\n/, '');
    assert.ok(!text.includes('PreToolUse'));
    writeFileSync(path, text);
    assert.deepEqual((await openWindow()).notifier.notices, []);
    assert.equal(settings(), text);
  });

  it('are left alone where they are of another editor, or not there any more', async () => {
    const text = writeOlder('/home/ada/other-editor/claude-projects-hook/hook.sh');
    assert.deepEqual((await openWindow()).notifier.notices, []);
    assert.equal(settings(), text);
    writeFileSync(path, foreign);
    assert.deepEqual((await openWindow()).notifier.notices, []);
    assert.equal(settings(), foreign);
  });

  it('are tried again with the next window where they could not be changed', async () => {
    const text = writeOlder(ownLauncher());
    chmodSync(path, 0o444);
    const window = await openWindow();
    assert.equal(settings(), text);
    assert.deepEqual(window.notifier.notices, []);
    assert.match(window.log.lines.join('\n'), /hooks of an older version in .* are left as they are: read-only/);
    chmodSync(path, 0o644);
    assert.equal((await openWindow()).notifier.notices.length, 1);
  });
});
