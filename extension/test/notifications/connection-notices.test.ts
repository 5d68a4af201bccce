import assert from 'node:assert/strict';
import type { ApiAddress, ConnectionState } from '../../src/connection/connection.ts';
import { ConnectionNotices } from '../../src/notifications/connection-notices.ts';
import { Emitter } from '../../src/platform/emitter.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import type { SettingProblem } from '../../src/settings/settings.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { RecordingLog } from '../support/recording-log.ts';

describe('notices about the connection', () => {
  let notifier: FakeNotifier;
  let log: RecordingLog;
  let ran: unknown[][];
  let problems: SettingProblem[];
  let address: ApiAddress;
  let states: Emitter<ConnectionState>;
  let keys: Emitter<void>;
  let state: ConnectionState;

  const fail = (error: unknown) => {
    throw error;
  };
  const refused: ConnectionState = { kind: 'key-refused', reason: 'Invalid API key' };

  beforeEach(() => {
    notifier = new FakeNotifier();
    log = new RecordingLog();
    ran = [];
    problems = [];
    state = { kind: 'unused' };
    address = { mode: 'remote', baseUrl: 'https://example.com' };
    states = new Emitter<ConnectionState>(fail);
    keys = new Emitter<void>(fail);
    const connection = {
      get state() {
        return state;
      },
      get address() {
        return address;
      },
      onDidChange: states.event,
    } as const;
    const notices = new ConnectionNotices({
      connection,
      keys: { onDidChange: keys.event },
      settings: { problems },
      notifier,
      run: async (...call) => void ran.push(call),
      localize: inEnglish,
      log,
    });
    assert.ok(notices);
  });

  it('come once for a refused key, until it changes', async () => {
    state = refused;
    states.fire(refused);
    states.fire({ kind: 'unused' });
    states.fire(refused);
    assert.equal(notifier.notices.length, 1);
    await notifier.press('Set API Key');
    assert.deepEqual(ran, [['claudeProjects.setApiKey']]);
    keys.fire();
    states.fire(refused);
    assert.equal(notifier.notices.length, 2);
  });

  for (const trouble of [refused, { kind: 'key-missing' } as const]) {
    it(`only say that the key is accepted once they are out of date: ${trouble.kind}`, async () => {
      states.fire(trouble);
      const [stale] = notifier.notices;
      assert.ok(stale);
      assert.equal(stale.severity, 'warning', 'the editor keeps an error with a button on the screen');
      state = { kind: 'online' };
      await stale.actions.find(({ label }) => label === 'Set API Key')?.run();
      assert.deepEqual(ran, []);
      assert.deepEqual(notifier.last.message, 'https://example.com accepts the new API key.');
      assert.equal(notifier.last.severity, 'info');
      // The local server says nothing about that key.
      address = { mode: 'local', baseUrl: 'http://127.0.0.1:1' };
      await stale.actions.find(({ label }) => label === 'Set API Key')?.run();
      assert.deepEqual(ran, [['claudeProjects.setApiKey']]);
    });
  }

  it('come once for a missing key', () => {
    states.fire({ kind: 'key-missing' });
    states.fire({ kind: 'key-missing' });
    assert.deepEqual(notifier.labels(), ['Set API Key', 'Open Setting']);
    assert.equal(notifier.notices.length, 1);
  });

  it('come once for each stranger at the address', () => {
    states.fire({ kind: 'not-our-api', reason: 'HTML' });
    states.fire({ kind: 'online' });
    states.fire({ kind: 'not-our-api', reason: 'wrong JSON' });
    assert.deepEqual(notifier.messages, ['https://example.com is not a Claude Projects API (HTML).']);
    address = { mode: 'remote', baseUrl: 'https://other.example.com' };
    states.fire({ kind: 'not-our-api', reason: 'HTML' });
    assert.equal(notifier.notices.length, 2);
  });

  it('never come for an API that is away', () => {
    states.fire({ kind: 'offline', since: 0, reason: 'no network' });
    states.fire({ kind: 'online' });
    assert.deepEqual(notifier.messages, []);
    assert.equal(log.lines.length, 2);
  });

  it('come once for a local server that cannot run, but not for an address told of at its setting', () => {
    const unusable: ConnectionState = { kind: 'unusable', reason: 'There is no Node.js.' };
    states.fire(unusable);
    states.fire(unusable);
    assert.deepEqual(notifier.messages, ['Sessions cannot be tracked here: There is no Node.js.']);
    problems.push({ setting: 'claudeProjects.apiBaseUrl', message: 'is wrong', value: '' });
    states.fire({ kind: 'unusable', reason: 'The setting is wrong.' });
    assert.equal(notifier.notices.length, 1);
  });
});
