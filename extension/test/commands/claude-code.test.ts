import assert from 'node:assert/strict';
import { CommandBench } from './support/bench.ts';
import { CLOSES } from './support/fake-ui.ts';

const FOLDER = '/shop/.claude/settings.local.json';
const USER = '/home/ada/.claude/settings.json';

describe('the commands that connect Claude Code', () => {
  let bench: CommandBench;

  beforeEach(() => {
    bench = new CommandBench();
  });
  afterEach(() => assert.deepEqual(bench.ui.answers, [], 'a question that the test foresaw was not asked'));

  it('show the change, ask, write it and say so', async () => {
    bench.ui.answers.push('Sessions in shop', 'Connect');
    await bench.run('claudeProjects.connectClaudeCode');
    assert.deepEqual(bench.ui.offered, [['Sessions in shop', 'All my sessions']]);
    assert.deepEqual(bench.claudeCode.did, [`writes ${FOLDER}`, `connects ${FOLDER}`]);
    assert.deepEqual(bench.review.shown, [
      {
        direction: 'connect',
        path: FOLDER,
        before: '{}',
        after: 'connect',
        title: 'settings.local.json: current ↔ proposed',
      },
    ]);
    assert.match(bench.ui.notes.join(), /is connected\./);
    assert.deepEqual(bench.notifier.messages, []);
  });

  it('say what is kept of a prompt before anything is connected', async () => {
    bench.ui.answers.push('Sessions in shop', 'Connect');
    await bench.run('claudeProjects.connectClaudeCode');
    const explanation = bench.ui.asked.join();
    assert.match(explanation, /beginning of your first prompt names the session and stays on this machine/);
    assert.doesNotMatch(explanation, /never a prompt/);
  });

  it('accept or cancel the change on the screen', async () => {
    await bench.run('claudeProjects.confirmConnection');
    await bench.run('claudeProjects.confirmDisconnection');
    await bench.run('claudeProjects.cancelSettingsChange');
    assert.deepEqual(bench.review.answers, [true, true, false]);
  });

  it('write nothing where the user turns back', async () => {
    bench.ui.answers.push('All my sessions', CLOSES);
    await bench.run('claudeProjects.connectClaudeCode');
    assert.deepEqual(bench.claudeCode.did, []);
    assert.deepEqual(bench.notifier.messages, []);
  });

  it('ask nothing where it is so already', async () => {
    bench.claudeCode.asItIs = true;
    bench.ui.answers.push('All my sessions');
    await bench.run('claudeProjects.connectClaudeCode');
    assert.deepEqual(bench.claudeCode.did, [`connects ${USER}`]);
    assert.match(bench.ui.notes.join(), /connected already/);
  });

  it('warn where hooks are forbidden', async () => {
    bench.claudeCode.forbids = { by: '/etc/claude-code/managed-settings.json', setting: 'allowManagedHooksOnly' };
    bench.ui.answers.push('Sessions in shop', 'Connect');
    await bench.run('claudeProjects.connectClaudeCode');
    assert.match(bench.notifier.messages.join(), /managed-settings\.json allows the hooks of your organisation only/);
    bench.claudeCode.forbids = { by: USER, setting: 'disableAllHooks' };
    bench.ui.answers.push('Sessions in shop', 'Connect');
    await bench.run('claudeProjects.connectClaudeCode');
    assert.match(bench.notifier.last.message, /turned off \(disableAllHooks\) in \/home\/ada/);
  });

  it('refuse settings that are not right, and name the line', async () => {
    bench.claudeCode.unfit = { kind: 'unfit', why: { kind: 'invalid', line: 7 } };
    bench.ui.answers.push('Sessions in shop');
    await bench.run('claudeProjects.connectClaudeCode');
    assert.match(
      bench.notifier.last.message,
      /settings\.local\.json is left as it is: it is not valid JSON, see line 7/,
    );
    bench.claudeCode.unfit = { kind: 'unfit', why: { kind: 'unexpected', where: 'hooks.Stop' } };
    bench.ui.answers.push('Sessions in shop');
    await bench.run('claudeProjects.connectClaudeCode');
    assert.match(bench.notifier.last.message, /“hooks\.Stop” is not what Claude Code expects/);
    assert.deepEqual(bench.claudeCode.did, []);
  });

  it('say why a file was not written', async () => {
    for (const [outcome, why] of [
      ['read-only', /may not be written to/],
      ['changed-meanwhile', /was changed meanwhile/],
    ] as const) {
      bench.claudeCode.outcome = outcome;
      bench.ui.answers.push('Sessions in shop', 'Connect');
      await bench.run('claudeProjects.connectClaudeCode');
      assert.match(bench.notifier.last.message, why);
    }
    assert.ok(!bench.claudeCode.did.includes(`connects ${FOLDER}`));
  });

  it('disconnect what is connected, and ask only where there is a choice', async () => {
    const [folder, user] = bench.claudeCode.scopes;
    assert.ok(folder && user);
    await bench.run('claudeProjects.disconnectClaudeCode');
    assert.match(bench.notifier.last.message, /not connected here/);
    bench.claudeCode.inConnected = [user];
    bench.ui.answers.push('Disconnect');
    await bench.run('claudeProjects.disconnectClaudeCode');
    assert.deepEqual(bench.claudeCode.did, [`writes ${USER}`, `disconnects ${USER}`]);
    bench.claudeCode.inConnected = [folder, user];
    bench.ui.answers.push('Sessions in shop', 'Disconnect');
    await bench.run('claudeProjects.disconnectClaudeCode');
    assert.equal(bench.claudeCode.did.at(-1), `disconnects ${FOLDER}`);
  });
});
