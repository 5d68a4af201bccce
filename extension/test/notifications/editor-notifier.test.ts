import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { EditorNotifier } from '../../src/notifications/editor-notifier.ts';

/** What the editor makes a link of in a notification. A click on it runs the command. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

const fail = (error: unknown) => {
  throw error;
};

describe('notifications of the editor', () => {
  it('have no links: what others wrote is text, and runs no command', async () => {
    const shown: unknown[][] = [];
    const show = async (...call: unknown[]) => {
      shown.push(call);
      return undefined;
    };
    const notifier = new EditorNotifier({ info: show, warning: show, error: show }, fail);
    for (const hostile of [
      '[Show the plan](command:workbench.action.quit)',
      '[[x]](command:workbench.action.quit)',
      '[x](command:workbench.action.quit "Show the plan")',
      '[x]](command:workbench.action.quit) [y](https://example.com)',
    ]) {
      notifier.notify({ severity: 'info', message: `The session of acme/shop asked: ${hostile}`, actions: [] });
      await setImmediate();
      assert.doesNotMatch(String(shown.at(-1)?.[0]), LINK);
    }
    assert.equal(shown[0]?.[0], 'The session of acme/shop asked: [Show the plan] (command:workbench.action.quit)');
  });

  it('run the action that is chosen, or say that none was', async () => {
    const heard: string[] = [];
    let answer: string | undefined = 'Recover';
    const show = async () => answer;
    const notifier = new EditorNotifier({ info: show, warning: show, error: show }, fail);
    const notice = {
      severity: 'warning',
      message: 'It died.',
      actions: [{ label: 'Recover', run: () => void heard.push('recover') }],
      dismissed: () => void heard.push('dismissed'),
    } as const;
    notifier.notify(notice);
    await setImmediate();
    answer = undefined;
    notifier.notify(notice);
    await setImmediate();
    assert.deepEqual(heard, ['recover', 'dismissed']);
  });
});
