import assert from 'node:assert/strict';
import { type ClaudeState, newState } from '../../src/claude-code/claude-state.ts';
import { reduce, type Signal, type Step } from '../../src/claude-code/reduce.ts';
import type { RegisterEntry } from '../../src/claude-code/register-entry.ts';
import { payloadsOf, VERSIONS } from './support/payloads.ts';

/** A conversation that is told of signal by signal, a second apart. */
class Told {
  readonly #payloads;
  state: ClaudeState = newState('/home/dev/work/a', 0);
  steps: Step[] = [];
  #at = 1_000_000;

  constructor(version: (typeof VERSIONS)[number] = '2.1.332') {
    this.#payloads = payloadsOf(version);
  }

  hook(name: string, fields: Readonly<Record<string, unknown>> = {}, pid?: number | ''): this {
    return this.take({ kind: 'hook', record: this.#payloads.record(name, this.#next(), fields, pid) });
  }

  register(is: RegisterEntry['is'], waitingFor?: string): this {
    return this.take({ kind: 'register', entry: { pid: 4711, session: 'one', is, waitingFor, at: this.#next() } });
  }

  gone(...pids: readonly number[]): this {
    return this.take({ kind: 'gone', pids, at: this.#next() });
  }

  take(signal: Signal): this {
    const { state, steps } = reduce(this.state, signal);
    this.state = steps.some((step) => step.do === 'begin') ? { ...state, phase: 'live' } : state;
    this.steps.push(...steps);
    return this;
  }

  /** As in `working`, or `waiting_for_input: Bash: npm test`. */
  get is(): string {
    const { activity, activityDetail } = this.state;
    return activityDetail === undefined ? activity : `${activity}: ${activityDetail}`;
  }

  get proof(): string | undefined {
    const { proof } = this.state;
    return proof && `${proof.signal} ${proof.name}`;
  }

  get ends(): readonly string[] {
    return this.steps.flatMap((step) =>
      step.do === 'fail' ? [`failed: ${step.message}`] : step.do === 'complete' ? ['completed'] : [],
    );
  }

  #next(): number {
    this.#at += 1000;
    return this.#at;
  }
}

const ASKS_BASH = 'waiting_for_input: Bash: touch made-by-bash';
const bash = (command: string) => ({ tool_input: { command } });

for (const version of VERSIONS) {
  describe(`Claude Code ${version}, as it is told of by what its hooks got`, () => {
    const start = () => new Told(version).hook('SessionStart.startup');

    it('begins, idle at its prompt, works, and rests again', () => {
      const told = start();
      assert.deepEqual([told.steps, told.is], [[{ do: 'begin' }], 'idle']);
      told.hook('UserPromptSubmit', { prompt: 'Add a cart' });
      assert.deepEqual([told.is, told.proof], ['working', 'hook UserPromptSubmit']);
      told.hook('PreToolUse.Bash', bash('npm test'));
      assert.deepEqual([told.is, told.state.tool?.inShort], ['working', 'Bash: npm test']);
      told.hook('PostToolUse.Bash', bash('npm test'));
      assert.deepEqual([told.is, told.state.tool], ['working', undefined]);
      told.hook('Stop');
      assert.deepEqual([told.is, told.proof], ['idle', 'hook Stop']);
      assert.equal(told.state.lastMessage, 'Two of three are done.');
    });

    it('asks for a permission, with the tool and its input in short, until the tool has run', () => {
      const told = start().hook('UserPromptSubmit').hook('PreToolUse.Bash', bash('touch made-by-bash'));
      told.hook('PermissionRequest.Bash', bash('touch made-by-bash'));
      assert.deepEqual([told.is, told.proof], [ASKS_BASH, 'hook PermissionRequest']);
      told.hook('Notification.permission_prompt');
      assert.equal(told.is, ASKS_BASH, 'the notice that comes seconds later says less');
      told.hook('PostToolUse.Bash', bash('touch made-by-bash'));
      assert.equal(told.is, 'working');
    });

    it('goes on asking while an agent of it works', () => {
      const told = start().hook('UserPromptSubmit').hook('SubagentStart', { agent_id: 'left' });
      told.hook('PermissionRequest.Bash', bash('touch made-by-bash'));
      told.hook('PostToolUse.Bash-in-subagent', { agent_id: 'left' });
      assert.equal(told.is, ASKS_BASH);
      told.hook('SubagentStop', { agent_id: 'left' });
      assert.equal(told.is, ASKS_BASH);
    });

    it('works as long as an agent in the background does', () => {
      const told = start().hook('UserPromptSubmit').hook('SubagentStart', { agent_id: 'left' });
      const background_tasks = [{ id: 'left', type: 'subagent', status: 'running', description: 'Look left' }];
      told.hook('Stop', { background_tasks });
      assert.equal(told.is, 'working');
      told.hook('SubagentStop', { agent_id: 'left', background_tasks });
      assert.equal(told.is, 'idle');
    });

    it('rests although a server runs in the background', () => {
      const told = start().hook('UserPromptSubmit');
      told.hook('Stop', { background_tasks: [{ id: 'b1', type: 'shell', status: 'running' }] });
      assert.equal(told.is, 'idle');
    });

    it('makes tasks that have not begun, and follows its list from there', () => {
      const told = start().hook('UserPromptSubmit').hook('TaskCreated').hook('PostToolUse.TaskCreate');
      told.hook('PostToolUse.TaskUpdate-in_progress').hook('PostToolUse.TaskUpdate-completed').hook('TaskCompleted');
      const tasks = told.steps.filter((step) => step.do === 'task').map(({ key, to }) => `${key} ${to}`);
      const [created] = tasks;
      assert.equal(created, 'task:1 known');
      assert.ok(tasks.includes('task:1 in_progress'), String(tasks));
      assert.equal(tasks.at(-1), 'task:1 completed');
    });

    it('is not ended by a hook while its process lives', () => {
      const told = start().hook('UserPromptSubmit').hook('SessionEnd.other');
      assert.deepEqual(told.ends, []);
      told.gone(4711);
      assert.deepEqual(told.ends, ['failed: Interrupted while it worked.']);
    });

    it('understands every event', () => {
      const { names } = payloadsOf(version);
      for (const name of names) new Told(version).hook('SessionStart.startup').hook(name);
      assert.ok(names.length > 20);
    });
  });
}

describe('Claude Code, as it is told of', () => {
  const start = () => new Told().hook('SessionStart.startup').hook('UserPromptSubmit', { prompt: 'Add a cart' });
  const asking = () =>
    start()
      .hook('PreToolUse.Bash', bash('touch made-by-bash'))
      .hook('PermissionRequest.Bash', bash('touch made-by-bash'));

  it('works at once when its dialog is answered: its register says so', () => {
    const told = asking().register('busy');
    assert.deepEqual([told.is, told.proof], ['working', 'register busy']);
  });

  it('rests when its dialog is denied or left, and when its work is interrupted', () => {
    assert.equal(asking().register('idle').is, 'idle');
    const told = start().hook('PreToolUse.Bash').register('idle');
    assert.deepEqual([told.is, told.proof], ['idle', 'register idle']);
  });

  it('does not take a register for news that is older than a hook', () => {
    const told = asking();
    const at = 1_000_500;
    for (const is of ['busy', 'idle'] as const) {
      told.take({ kind: 'register', entry: { pid: 4711, session: 'one', is, waitingFor: undefined, at } });
      assert.equal(told.is, ASKS_BASH);
    }
  });

  it('asks by its register alone, where a version tells no more', () => {
    const told = start().register('waiting', 'permission prompt');
    assert.equal(told.is, 'waiting_for_input: permission prompt');
    assert.equal(told.register('busy').is, 'working');
  });

  it('asks its own questions, in their own words', () => {
    const told = start().hook('PreToolUse.AskUserQuestion').hook('PermissionRequest.AskUserQuestion');
    assert.equal(told.is, 'waiting_for_input: Which database shall I use?');
    assert.equal(told.hook('PostToolUse.AskUserQuestion').is, 'working');
    told.hook('PermissionRequest.ExitPlanMode');
    assert.equal(told.is, 'waiting_for_input: May it carry out its plan?');
    assert.equal(told.hook('PostToolUse.ExitPlanMode').is, 'working');
  });

  it('asks for a tool that fetches something, and for another program', () => {
    assert.match(start().hook('PermissionRequest.WebFetch').is, /^waiting_for_input: WebFetch: https?:/);
    const told = start().hook('Elicitation.form');
    assert.equal(told.is, 'waiting_for_input: What is your name?');
    assert.equal(told.hook('ElicitationResult').is, 'working');
  });

  it('asks by a notice of whichever kind, where no other hook tells', () => {
    for (const notification_type of [
      'permission_prompt',
      'worker_permission_prompt',
      'agent_needs_input',
      'elicitation_dialog',
      'elicitation_url_dialog',
    ]) {
      const told = start().hook('Notification.permission_prompt', { notification_type });
      assert.equal(told.is, 'waiting_for_input: Claude needs your permission', notification_type);
    }
    assert.equal(start().hook('Notification.permission_prompt', { notification_type: 'auth_success' }).is, 'working');
  });

  it('asks for two things at once, and goes on asking for the second', () => {
    const told = asking().hook('PermissionRequest.Bash', bash('rm cart'));
    told.hook('PostToolUse.Bash', bash('touch made-by-bash'));
    assert.equal(told.is, 'waiting_for_input: Bash: rm cart');
  });

  it('asks for an agent, until that one has it', () => {
    const told = start().hook('SubagentStart', { agent_id: 'left' });
    told.hook('PermissionRequest.Bash-in-subagent', { agent_id: 'left' });
    assert.match(told.is, /^waiting_for_input: Bash: touch sub-needs-permission/);
    told.hook('PostToolUse.Bash');
    assert.match(told.is, /^waiting_for_input/);
    assert.equal(told.hook('SubagentStop', { agent_id: 'left' }).is, 'working');
  });

  it('sits at its prompt after an error of the model, and says which', () => {
    const told = start().hook('StopFailure.rate_limit');
    assert.match(told.is, /^idle: Rate limited: Request rejected \(429\)/);
    assert.deepEqual(told.ends, []);
    assert.match(start().hook('StopFailure.server_error').is, /^idle: API error: /);
    assert.equal(told.hook('UserPromptSubmit').is, 'working');
  });

  it('works while it makes room in its memory because somebody asked for it', () => {
    const told = start().hook('Stop').hook('PreCompact.manual');
    assert.equal(told.is, 'working');
    told.hook('SessionStart.compact');
    assert.equal(told.hook('PostCompact.manual').is, 'idle');
  });

  it('follows a list of things to do, which is told as a whole', () => {
    const told = start().hook('PostToolUse.TodoWrite');
    const tasks = told.steps.filter((step) => step.do === 'task');
    assert.deepEqual(
      tasks.map(({ name, to }) => `${name}: ${to}`),
      ['First: in_progress', 'Second: pending'],
    );
  });

  it('renames and drops tasks', () => {
    const told = start().hook('PostToolUse.TaskUpdate-subject').hook('PostToolUse.TaskUpdate-deleted');
    assert.deepEqual(
      told.steps.filter((step) => step.do === 'task'),
      [
        { do: 'task', key: 'task:2', to: 'known', name: 'Renamed task' },
        { do: 'task', key: 'task:1', to: 'deleted' },
      ],
    );
  });

  it('calls the tasks of its agents by what they are to do', () => {
    const told = start().hook('PreToolUse.Agent').hook('SubagentStart');
    const [task] = told.steps.filter((step) => step.do === 'task');
    assert.deepEqual(task, { do: 'task', key: 'agent:a248e0afbcfd035bd', name: 'Look left', to: 'in_progress' });
  });

  it('tells agents of one type apart that were called at once, once it is told which is which', () => {
    const agent = (description: string, agentId: string) => ({
      tool_input: { description },
      tool_response: { agentId },
    });
    const told = start()
      .hook('PreToolUse.Agent', agent('Look left', ''))
      .hook('PreToolUse.Agent', agent('Look right', ''));
    told.hook('SubagentStart', { agent_id: 'right' }).hook('SubagentStart', { agent_id: 'left' });
    told.hook('PostToolUse.Agent', agent('Look left', 'left')).hook('PostToolUse.Agent', agent('Look right', 'right'));
    assert.deepEqual(told.state.agents, { right: 'Look right', left: 'Look left' });
    assert.deepEqual(
      told.steps.flatMap((step) => (step.do === 'rename-task' ? [`${step.key} ${step.name}`] : [])),
      ['agent:left Look left', 'agent:right Look right'],
    );
  });

  it('knows an agent by its call also where that is told before the agent begins', () => {
    const agent = (description: string, agentId: string) => ({
      tool_input: { description },
      tool_response: { agentId, status: 'async_launched' },
    });
    const told = start()
      .hook('PreToolUse.Agent', agent('Look left', ''))
      .hook('PreToolUse.Agent', agent('Look right', ''));
    told.hook('PostToolUse.Agent', agent('Look right', 'right')).hook('SubagentStart', { agent_id: 'right' });
    told.hook('SubagentStart', { agent_id: 'left' }).hook('PostToolUse.Agent', agent('Look left', 'left'));
    assert.deepEqual(told.state.agents, { right: 'Look right', left: 'Look left' });
    assert.deepEqual(
      told.steps.flatMap((step) => (step.do === 'task' ? [`${step.key} ${step.name}`] : [])),
      ['agent:right Look right', 'agent:left Look left'],
    );
  });

  it('is completed by a person who leaves it, and by a run that is through', () => {
    assert.deepEqual(start().hook('SessionEnd.prompt_input_exit').gone(4711).ends, ['completed']);
    assert.deepEqual(start().hook('Stop').hook('SessionEnd.other').gone(4711).ends, ['completed']);
    assert.deepEqual(start().hook('SessionEnd.clear').ends, ['completed'], 'its process goes on with another');
  });

  it('is interrupted by a signal, and says what it did', () => {
    assert.deepEqual(asking().hook('SessionEnd.other').gone(4711).ends, [
      'failed: Interrupted while it asked: Bash: touch made-by-bash.',
    ]);
    const running = () => start().hook('PreToolUse.Bash', bash('npm test'));
    assert.deepEqual(running().hook('SessionEnd.other').gone(4711).ends, ['failed: Interrupted while it ran Bash.']);
    assert.deepEqual(running().gone(4711).ends, ['failed: Interrupted while it ran Bash.']);
    const left = running().register('idle').hook('SessionEnd.other').gone(4711);
    assert.deepEqual(left.ends, ['failed: Interrupted while it ran Bash.'], 'its register is quicker');
    assert.deepEqual(start().hook('Stop').gone(4711).ends, ['failed: Its process ended.']);
  });

  it('lives as long as one of two processes works on it', () => {
    const told = start().hook('SessionStart.resume', {}, 815);
    assert.equal(told.is, 'working', 'the other one works');
    told.hook('SessionEnd.other', {}, 815).gone(815);
    assert.deepEqual([told.ends, told.is], [[], 'working']);
    told.hook('SessionEnd.prompt_input_exit').gone(4711);
    assert.deepEqual(told.ends, ['completed']);
  });

  it('ends with a process that only the register told of, as on Windows', () => {
    const told = new Told().hook('SessionStart.startup', {}, '').hook('UserPromptSubmit', {}, '').register('busy');
    assert.deepEqual(told.ends, []);
    assert.deepEqual(told.gone(4711).ends, ['failed: Interrupted while it worked.']);
  });

  it('is left as it is by news that says nothing new', () => {
    const { state } = start().register('busy');
    const again = { pid: 4711, session: 'one', is: 'busy', waitingFor: undefined, at: 2_000_000 } as const;
    assert.equal(reduce(state, { kind: 'register', entry: again }).state, state, 'nothing is to be written');
  });

  it('is not turned back by a hook that was overtaken', () => {
    const told = start().hook('Stop');
    const record = payloadsOf('2.1.332').record('PostToolUse.Bash', told.state.seenAt - 10);
    told.take({ kind: 'hook', record });
    assert.equal(told.is, 'idle');
  });

  it('says nothing of what looks like a secret', () => {
    const told = start().hook('PermissionRequest.Bash', bash('curl -H "Authorization: Bearer abcdefghijklmnop" x'));
    assert.doesNotMatch(told.is, /abcdefgh/);
    assert.match(told.is, /Bearer •••/);
    const message = 'The server asks: is "token=abcdefgh" right?';
    for (const event of ['Elicitation.form', 'Notification.permission_prompt']) {
      assert.match(start().hook(event, { message }).is, /token=•••/, event);
    }
  });

  it('is a title where a person asks for the first time', () => {
    const titles = (prompt: string) =>
      new Told()
        .hook('SessionStart.startup')
        .hook('UserPromptSubmit', { prompt })
        .steps.flatMap((step) => (step.do === 'describe' ? step.title : []));
    assert.deepEqual(titles('Add a cart'), ['Add a cart']);
    assert.deepEqual(titles('/home/ada/cart.ts is broken'), ['/home/ada/cart.ts is broken']);
    assert.deepEqual(titles('< 3 items are free'), ['< 3 items are free']);
    for (const prompt of ['', '/clear', '/plugin:review all of it', '<task-notification> <task-id>a</task-id>']) {
      assert.deepEqual(titles(prompt), [], prompt);
    }
  });

  it('begins where it is first heard of, and again only by who asks or starts it', () => {
    const first = (phase: ClaudeState['phase'], name: string) => {
      const told = new Told();
      told.state = { ...told.state, phase };
      return told.hook(name).steps.some((step) => step.do === 'begin');
    };
    assert.ok(first('new', 'PostToolUse.Bash'));
    assert.ok(!first('new', 'SessionEnd.other'));
    assert.ok(!first('ended', 'PostToolUse.Bash'));
    assert.ok(first('ended', 'UserPromptSubmit'));
    assert.ok(!first('parted', 'UserPromptSubmit'));
    assert.ok(first('parted', 'SessionStart.resume'));
  });
});
