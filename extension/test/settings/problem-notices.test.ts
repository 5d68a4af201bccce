import assert from 'node:assert/strict';
import { Emitter } from '../../src/platform/emitter.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { checkSettings, type RawSettings } from '../../src/settings/check-settings.ts';
import { ProblemNotices } from '../../src/settings/problem-notices.ts';
import type { SettingProblem, Settings } from '../../src/settings/settings.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { emptySettings } from './support/empty-settings.ts';

describe('notices about settings', () => {
  let notifier: FakeNotifier;
  let log: RecordingLog;
  let ran: unknown[][];
  let problems: readonly SettingProblem[];
  let changed: Emitter<Settings>;
  let notices: ProblemNotices;

  const become = (changes: Partial<RawSettings>) => {
    const checked = checkSettings({ ...emptySettings, ...changes }, inEnglish);
    problems = checked.problems;
    changed.fire(checked.settings);
  };

  beforeEach(() => {
    notifier = new FakeNotifier();
    log = new RecordingLog();
    ran = [];
    problems = [];
    changed = new Emitter<Settings>((error) => {
      throw error;
    });
    const settings = {
      get problems() {
        return problems;
      },
      onDidChange: changed.event,
    };
    const run = async (...call: unknown[]) => void ran.push(call);
    notices = new ProblemNotices({ settings, notifier, run, localize: inEnglish, log });
  });

  it('come at the setting, which one button opens', async () => {
    become({ heartbeatIntervalSeconds: -1 });
    assert.deepEqual(notifier.messages, [
      'The setting claudeProjects.heartbeatIntervalSeconds must be a number from 10 to 300.',
    ]);
    await notifier.press('Open Setting');
    assert.deepEqual(ran, [['workbench.action.openSettings', '@id:claudeProjects.heartbeatIntervalSeconds']]);
  });

  it('come once for each wrong value', () => {
    become({ heartbeatIntervalSeconds: -1 });
    become({ heartbeatIntervalSeconds: -1, groupBy: 'project' });
    assert.equal(notifier.notices.length, 1);
    become({ heartbeatIntervalSeconds: -2 });
    assert.equal(notifier.notices.length, 2);
    become({});
    become({ heartbeatIntervalSeconds: -2 });
    assert.equal(notifier.notices.length, 3);
  });

  it('never show a password in an address', () => {
    become({ apiBaseUrl: 'https://me:secret@example.com' });
    assert.equal(notifier.notices.length, 1);
    assert.doesNotMatch(notifier.messages.join() + log.lines.join(), /secret/);
  });

  it('end with their owner', () => {
    notices.dispose();
    become({ groupBy: 'x' });
    assert.deepEqual(notifier.notices, []);
  });
});
