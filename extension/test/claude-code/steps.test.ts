import assert from 'node:assert/strict';
import type { ClaudeState } from '../../src/claude-code/claude-state.ts';
import type { HookRecord } from '../../src/claude-code/hook-record.ts';
import { stepsOf } from '../../src/claude-code/steps.ts';

describe('what an event of Claude Code means', () => {
  const event = (event: string, fields: Partial<HookRecord> = {}): HookRecord => ({
    v: 1,
    at: 1,
    session: 'one',
    cwd: '/shop',
    process: { host: 'here' },
    event,
    ...fields,
  });
  const known = (phase: ClaudeState['phase'], tasks: ClaudeState['tasks'] = {}, tellsTasks = false) => ({
    phase,
    tasks,
    tellsTasks,
  });
  const live = known('live');
  const activity = (activity: 'working' | 'waiting_for_input' | 'idle') => [{ do: 'activity', activity }];

  it('is what it does now', () => {
    assert.deepEqual(stepsOf(live, event('UserPromptSubmit')), activity('working'));
    assert.deepEqual(stepsOf(live, event('PreToolUse')), activity('working'));
    assert.deepEqual(stepsOf(live, event('PostToolUse')), activity('working'));
    assert.deepEqual(stepsOf(live, event('Stop')), activity('idle'));
    const notified = (notification_type: string) => stepsOf(live, event('Notification', { notification_type }));
    for (const type of ['permission_prompt', 'agent_needs_input', 'elicitation_dialog']) {
      assert.deepEqual(notified(type), activity('waiting_for_input'));
    }
    assert.deepEqual(notified('idle_prompt'), activity('idle'));
    for (const type of ['agent_completed', 'auth_success', 'something new']) assert.deepEqual(notified(type), []);
  });

  it('is a title where a person asks for the first time', () => {
    const titles = (prompt: string, title?: string) =>
      stepsOf({ ...live, title }, event('UserPromptSubmit', { prompt })).flatMap((step) =>
        step.do === 'describe' ? step.title : [],
      );
    assert.deepEqual(titles('Add a cart'), ['Add a cart']);
    assert.deepEqual(titles('/home/ada/cart.ts is broken'), ['/home/ada/cart.ts is broken']);
    assert.deepEqual(titles('< 3 items are free'), ['< 3 items are free']);
    assert.deepEqual(titles('Now test it', 'Add a cart'), []);
    for (const prompt of [
      '',
      '/clear',
      '/plugin:review all of it',
      '<task-notification> <task-id>a248e0afbcfd035bd</task-id>',
      '<cross-session-message from="uds:/tmp/7558.sock"> Please look at the tests.',
      '<local-command-stdout>ok</local-command-stdout>',
    ]) {
      assert.deepEqual(titles(prompt), [], prompt);
    }
  });

  it('is nothing where it is not known, or says too little', () => {
    for (const name of ['PreCompact', 'SomethingNew', 'Notification', 'TaskCreated', 'SubagentStart']) {
      assert.deepEqual(stepsOf(live, event(name)), [], name);
    }
  });

  it('is a start for every source, but not in the middle of its work', () => {
    for (const source of ['startup', 'resume', 'clear', 'fork']) {
      assert.deepEqual(stepsOf(known('new'), event('SessionStart', { source })), [
        { do: 'begin' },
        ...activity('idle'),
      ]);
    }
    assert.deepEqual(stepsOf(live, event('SessionStart', { source: 'compact' })), []);
  });

  it('begins with whatever is heard first, and not with an end', () => {
    assert.deepEqual(stepsOf(known('new'), event('PostToolUse')), [{ do: 'begin' }, ...activity('working')]);
    assert.deepEqual(stepsOf(known('new'), event('SessionEnd')), []);
  });

  it('begins again after an end only when somebody starts or asks, and after a recovery only when it starts', () => {
    for (const name of ['Stop', 'PostToolUse', 'SubagentStop', 'SessionEnd', 'Notification']) {
      assert.deepEqual(stepsOf(known('ended'), event(name)), [], name);
      assert.deepEqual(stepsOf(known('parted'), event(name)), [], name);
    }
    assert.equal(stepsOf(known('ended'), event('UserPromptSubmit'))[0]?.do, 'begin');
    assert.deepEqual(stepsOf(known('parted'), event('UserPromptSubmit')), []);
    assert.equal(stepsOf(known('parted'), event('SessionStart'))[0]?.do, 'begin');
  });

  it('is a failure with the reason it gives', () => {
    const message = (fields: Partial<HookRecord>) => stepsOf(live, event('StopFailure', fields));
    assert.deepEqual(message({ error: 'rate_limit' }), [{ do: 'fail', message: 'rate_limit' }]);
    assert.deepEqual(message({ message: 'Overloaded' }), [{ do: 'fail', message: 'Overloaded' }]);
    assert.deepEqual(message({}), [{ do: 'fail', message: 'Claude Code failed without a reason.' }]);
  });

  it('is a task, or an agent where it tells of no tasks', () => {
    assert.deepEqual(stepsOf(live, event('TaskCreated', { task_id: '1', task_subject: 'Cart' })), [
      { do: 'start-task', key: 'task:1', name: 'Cart' },
    ]);
    assert.deepEqual(stepsOf(live, event('TaskCompleted', { task_id: '2' })), [
      { do: 'complete-task', key: 'task:2', name: 'Task 2' },
    ]);
    const agent = { agent_id: 'a', agent_type: 'Explore' };
    const task = { key: 'agent:a', name: 'Explore' };
    assert.deepEqual(stepsOf(live, event('SubagentStart', agent)), [{ do: 'start-task', ...task }]);
    assert.deepEqual(stepsOf(known('live', {}, true), event('SubagentStart', agent)), []);
    assert.deepEqual(stepsOf(live, event('SubagentStop', agent)), []);
    const running = { 'agent:a': { taskId: 'a3cf0b0e-6d0c-4f0e-9d2e-6a5d0f5a8f11', name: 'Explore' } };
    assert.deepEqual(stepsOf(known('live', running, true), event('SubagentStop', agent)), [
      { do: 'complete-task', ...task },
    ]);
  });
});
