// What people meet with Claude Code, and what they are to be shown. The table of docs/CLAUDE_CODE.md is made of it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../local-server/support/until.ts';
import { KEYS } from './support/claude-session.ts';
import type { Answer, Failure, Use } from './support/model.ts';
import { type RunningClaude, runningClaudes } from './support/processes.ts';
import type { Scene, Situation, Story } from './support/situation.ts';
import { type Stage, TITLE } from './support/stage.ts';

/** For what a hook tells. */
const AT_ONCE_MS = 1000;
const TOAST_MS = 1500;
/** For what only Claude Code's register tells, or that a process is gone. */
const SOON_MS = 5000;

const DIALOG = /Do you want to proceed\?/;
const REGISTER = 'the register';

/** Newer models have no tool for tasks. */
const WITH_TASKS = ['--model', 'claude-sonnet-4-5'];

const MCP_READY = 'mcp-server-is-ready';
const MCP = JSON.stringify({
  mcpServers: {
    ask: {
      command: process.execPath,
      args: [join(import.meta.dirname, 'support/asking-mcp-server.ts'), `\${HOME}/${MCP_READY}`],
    },
  },
});

type Act = NonNullable<Situation['act']>;

/** Needs a permission, and then runs for as long as it is let. */
function command(name: string): Use {
  return { use: 'Bash', input: { command: `touch ${name}; tail -f /dev/null`, description: `Make ${name}` } };
}

/** The earlier version writes nothing of a conversation down before its first answer. */
const BEGUN: Use = { use: 'Bash', input: { command: 'echo begun', description: 'Begin' } };

function agent(description: string, script: string): Use {
  const prompt = `${description} @${script}`;
  return {
    use: 'Agent',
    input: { description, prompt, subagent_type: 'general-purpose', run_in_background: true },
  };
}

function question(text: string): Use {
  const options = [
    { label: 'SQLite', description: 'A file' },
    { label: 'Postgres', description: 'A server' },
  ];
  return {
    use: 'AskUserQuestion',
    input: { questions: [{ question: text, header: 'Database', options, multiSelect: false }] },
  };
}

const working = ({ row }: Scene) => [row(/working\./)];
const idle = ({ row }: Scene) => [row(/idle\./)];

function asksFor(name: string) {
  return ({ row }: Scene) => [row(new RegExp(`waits for input\\. Asks: Bash: touch ${name}`))];
}

/** Chooses from the dialog as people do who know it: by the number that stands before the answer. */
function choose(answer: string) {
  return async ({ session }: Scene) => {
    const number = new RegExp(`(\\d)\\. ${answer}`);
    await session.untilShown(number);
    const key = number.exec(session.screen)?.[1] ?? '';
    await session.typeUntil(() => !session.shows(DIALOG), key);
  };
}

function dialog(name: string, more: Partial<Situation> = {}): Situation {
  return {
    situation: 'a permission dialog is open',
    state: 'waits for input, with the tool and its input in short',
    signal: 'PermissionRequest',
    withinMs: AT_ONCE_MS,
    act: ({ session }) => session.untilShown(DIALOG),
    sees: asksFor(name),
    ...more,
  };
}

function interrupted(how: string, act: Act, reason: RegExp, signal = 'SessionEnd (other)'): Situation {
  return {
    situation: how,
    state: 'failed, with what it was doing; can be recovered',
    signal,
    withinMs: SOON_MS,
    act,
    sees: ({ row }) => [row(new RegExp(`failed\\..*Reason: Interrupted while it ${reason.source}`))],
  };
}

const untilHeld =
  (script: string) =>
  ({ stage }: Scene) =>
    stage.model.untilHeld(script);

const enterUntilHeld =
  (script: string) =>
  async ({ session, stage }: Scene) =>
    session.typeUntil(() => stage.model.waiting(script) > 0, KEYS.enter);

const SUMMARY: Answer = { say: 'In short: room.', held: 'whole' };
const HELD: readonly Answer[] = ['hold'];

export const STORIES: readonly Story[] = [
  {
    about: 'Think it over',
    script: 'think',
    answers: ['hold'],
    situations: [
      {
        situation: 'it was asked something',
        state: 'working',
        signal: 'UserPromptSubmit',
        withinMs: AT_ONCE_MS,
        act: untilHeld('think'),
        sees: working,
      },
      {
        situation: 'Esc while the model answers',
        state: 'idle',
        signal: REGISTER,
        withinMs: SOON_MS,
        act: ({ session }) => session.press('escape'),
        sees: idle,
      },
    ],
  },
  {
    about: 'Ship the cart',
    script: 'ship',
    answers: [command('shipped')],
    situations: [
      dialog('shipped'),
      {
        situation: 'the dialog is answered with Yes',
        state: 'working, while the tool runs',
        signal: REGISTER,
        withinMs: AT_ONCE_MS,
        act: choose('Yes'),
        sees: working,
      },
      {
        situation: 'Esc while a tool runs',
        state: 'idle',
        signal: REGISTER,
        withinMs: SOON_MS,
        act: async ({ session }) => {
          await session.untilShown(/esc to interrupt/);
          session.press('escape');
        },
        sees: idle,
      },
    ],
  },
  {
    about: 'Drop the table',
    script: 'drop',
    answers: [command('dropped')],
    situations: [
      dialog('dropped'),
      {
        situation: 'the dialog is left with Esc',
        state: 'idle',
        signal: REGISTER,
        withinMs: SOON_MS,
        act: ({ session }) => session.typeUntil(() => !session.shows(DIALOG), KEYS.escape),
        sees: idle,
      },
    ],
  },
  {
    about: 'Rename the column',
    script: 'rename',
    answers: [command('renamed'), 'hold'],
    situations: [
      dialog('renamed'),
      {
        situation: 'the dialog is answered with No',
        state: 'idle',
        signal: REGISTER,
        withinMs: SOON_MS,
        act: choose('No'),
        sees: idle,
      },
    ],
  },
  {
    about: 'Choose a store',
    script: 'choose',
    answers: [question('Which database shall I use?'), question('Which cache shall I use?'), 'hold'],
    situations: [
      {
        situation: 'it asks a question (AskUserQuestion)',
        state: 'waits for input, with the question itself',
        signal: 'PermissionRequest',
        withinMs: AT_ONCE_MS,
        act: ({ session }) => session.untilShown('Which database shall I use?'),
        sees: ({ row }) => [row(/waits for input\. Asks: Which database shall I use\?/)],
      },
      {
        situation: 'that question is new',
        state: 'a notification tells it',
        signal: 'PermissionRequest',
        withinMs: TOAST_MS,
        sees: () => [{ on: 'toast', says: /Which database shall I use\?/, count: 1 }],
      },
      {
        situation: 'a second question, seconds later',
        state: 'waits for input; a notification tells it too',
        signal: 'PermissionRequest',
        withinMs: TOAST_MS,
        act: async ({ session }) => {
          await session.typeUntil(() => session.shows('Which cache shall I use?'), KEYS.enter);
        },
        sees: ({ row }) => [
          row(/waits for input\. Asks: Which cache shall I use\?/),
          { on: 'toast', says: /Which cache shall I use\?/, count: 1 },
        ],
      },
      {
        situation: 'the question is answered',
        state: 'working',
        signal: 'PostToolUse',
        withinMs: AT_ONCE_MS,
        act: enterUntilHeld('choose'),
        sees: working,
      },
    ],
  },
  {
    about: 'Let a server ask',
    script: 'elicit',
    answers: [{ say: 'At your service.' }],
    others: { colour: [{ use: 'mcp__ask__ask', input: {} }, 'hold'] },
    args: ['--mcp-config', MCP, '--allowedTools=mcp__ask__ask'],
    situations: [
      {
        situation: 'an MCP server asks (elicitation)',
        state: 'waits for input, with the question itself',
        signal: 'Elicitation',
        withinMs: AT_ONCE_MS,
        act: async ({ session, stage }) => {
          await until('the server is ready', () => existsSync(join(stage.home, MCP_READY)) || undefined);
          await session.untilShown('At your service.');
          await session.ask('Go on @colour');
          await session.untilShown('Which colour shall the shop have?');
        },
        sees: ({ row }) => [row(/waits for input\. Asks: Which colour shall the shop have\?/)],
      },
      {
        situation: 'the server is refused an answer',
        state: 'working',
        signal: 'ElicitationResult',
        withinMs: AT_ONCE_MS,
        act: async ({ session, stage }) => session.typeUntil(() => stage.model.waiting('colour') > 0, KEYS.escape),
        sees: working,
      },
    ],
  },
  {
    about: 'Plan the move',
    script: 'plan',
    answers: [{ use: 'ExitPlanMode', input: { plan: '# The move\nBox by box.' } }, 'hold'],
    args: ['--permission-mode', 'plan'],
    situations: [
      {
        situation: 'it has a plan and asks to begin (ExitPlanMode)',
        state: 'waits for input',
        signal: 'PermissionRequest',
        withinMs: AT_ONCE_MS,
        act: ({ session }) => session.untilShown(/1\. Yes/),
        sees: ({ row }) => [row(/waits for input\. Asks: \S/)],
      },
      {
        situation: 'the plan is approved',
        state: 'working',
        signal: 'PostToolUse',
        withinMs: AT_ONCE_MS,
        act: enterUntilHeld('plan'),
        sees: working,
      },
    ],
  },
  {
    about: 'Look both ways',
    script: 'both',
    answers: [{ uses: [agent('Look left', 'left'), agent('Look right', 'right')] }, { say: 'Both are on their way.' }],
    others: { left: HELD, right: HELD },
    situations: [
      {
        situation: 'agents work in the background, and it has said all it had to say',
        state: 'working',
        signal: 'Stop (background_tasks)',
        withinMs: AT_ONCE_MS,
        act: async ({ stage, session }) => {
          await stage.model.untilHeld('left');
          await stage.model.untilHeld('right');
          await session.untilShown('Both are on their way.');
        },
        sees: working,
      },
      {
        situation: 'agents work',
        state: 'each is a task, by its description',
        signal: 'PreToolUse (Agent), SubagentStart',
        withinMs: AT_ONCE_MS,
        act: expanded,
        sees: () => [
          { on: 'row', says: /^Task Look left: in progress/ },
          { on: 'row', says: /^Task Look right: in progress/ },
        ],
      },
      {
        situation: 'one of them has ended',
        state: 'working; its task is done',
        signal: 'SubagentStop',
        withinMs: AT_ONCE_MS,
        act: ({ stage }) => stage.model.release('left'),
        sees: ({ row }) => [row(/working\./), { on: 'row', says: /^Task Look left: completed/ }],
      },
      {
        situation: 'the last of them has ended',
        state: 'idle',
        signal: 'Stop',
        withinMs: SOON_MS,
        act: ({ stage }) => stage.model.release('right'),
        sees: idle,
      },
    ],
  },
  {
    about: 'Mind the agent',
    script: 'mind',
    answers: [agent('Look around', 'around'), command('minded')],
    others: {
      around: [{ use: 'Bash', input: { command: 'ls', description: 'List' }, held: 'whole' }, { say: 'Seen.' }],
    },
    situations: [
      dialog('minded', { situation: 'a permission dialog is open while an agent works' }),
      {
        situation: 'the agent uses a tool and ends, while the dialog is open',
        state: 'waits for input, as before',
        signal: 'the agent_id of its hooks',
        withinMs: AT_ONCE_MS,
        act: async (scene) => {
          await expanded(scene);
          await scene.stage.model.untilHeld('around');
          scene.stage.model.release('around');
          await scene.stage.untilSeen({ on: 'row', says: /^Task Look around: completed/ });
        },
        sees: asksFor('minded'),
        stays: true,
      },
    ],
  },
  {
    about: 'Let the agent ask',
    script: 'let',
    answers: [agent('Make a file', 'asks'), { say: 'It is on its way.' }],
    others: { asks: [command('asked'), 'hold'] },
    situations: [
      dialog('asked', { situation: 'an agent asks for a permission' }),
      {
        situation: 'that dialog is answered with Yes',
        state: 'working',
        signal: REGISTER,
        withinMs: AT_ONCE_MS,
        act: choose('Yes'),
        sees: working,
      },
    ],
  },
  {
    about: 'Count the steps',
    script: 'count',
    args: WITH_TASKS,
    answers: [
      { uses: ['Read the code', 'Write the code', 'Sing a song'].map(task) },
      { use: 'TaskUpdate', input: { taskId: '1', status: 'in_progress' }, held: 'whole' },
      {
        uses: [
          { use: 'TaskUpdate', input: { taskId: '1', status: 'completed' } },
          { use: 'TaskUpdate', input: { taskId: '2', subject: 'Write the tests' } },
          { use: 'TaskUpdate', input: { taskId: '3', status: 'deleted' } },
        ],
        held: 'whole',
      },
      'hold',
    ],
    situations: [
      {
        situation: 'it has made a list of tasks (TaskCreate)',
        state: 'all of them pending',
        signal: 'TaskCreated, PostToolUse (TaskCreate)',
        withinMs: AT_ONCE_MS,
        act: async (scene) => {
          await untilHeld('count')(scene);
          await expanded(scene);
        },
        sees: () => [
          { on: 'row', says: /^Task Read the code: pending/, count: 1 },
          { on: 'row', says: /^Task Write the code: pending/, count: 1 },
          { on: 'row', says: /^Task Sing a song: pending/, count: 1 },
        ],
      },
      {
        situation: 'it begins with one (TaskUpdate)',
        state: 'that one in progress, the others pending',
        signal: 'PostToolUse (TaskUpdate)',
        withinMs: AT_ONCE_MS,
        act: nextAnswer('count'),
        sees: () => [
          { on: 'row', says: /^Task Read the code: in progress/, count: 1 },
          { on: 'row', says: /^Task Write the code: pending/, count: 1 },
        ],
      },
      {
        situation: 'it completes, renames and deletes tasks (TaskUpdate)',
        state: 'completed, renamed, gone',
        signal: 'PostToolUse (TaskUpdate), TaskCompleted',
        withinMs: AT_ONCE_MS,
        act: nextAnswer('count'),
        sees: () => [
          { on: 'row', says: /^Task Read the code: completed/, count: 1 },
          { on: 'row', says: /^Task Write the tests: pending/, count: 1 },
          { on: 'row', says: /^Task (Write the code|Sing a song)/, count: 0 },
        ],
      },
    ],
  },
  {
    about: 'Tick the list',
    script: 'tick',
    answers: [
      { use: 'TodoWrite', input: { todos: [todo('Wash', 'in_progress'), todo('Dry', 'pending')] } },
      {
        use: 'TodoWrite',
        input: { todos: [todo('Wash', 'completed'), todo('Dry', 'in_progress')] },
        held: 'whole',
      },
      'hold',
    ],
    args: WITH_TASKS,
    env: { CLAUDE_CODE_ENABLE_TASKS: '0' },
    situations: [
      {
        situation: 'it has written a list of what is to do (TodoWrite)',
        state: 'tasks, each as the list says',
        signal: 'PostToolUse (TodoWrite)',
        withinMs: AT_ONCE_MS,
        act: async (scene) => {
          await untilHeld('tick')(scene);
          await expanded(scene);
        },
        sees: () => [
          { on: 'row', says: /^Task Wash: in progress/, count: 1 },
          { on: 'row', says: /^Task Dry: pending/, count: 1 },
        ],
      },
      {
        situation: 'it has ticked one off (TodoWrite)',
        state: 'completed; the next in progress',
        signal: 'PostToolUse (TodoWrite)',
        withinMs: AT_ONCE_MS,
        act: nextAnswer('tick'),
        sees: () => [
          { on: 'row', says: /^Task Wash: completed/, count: 1 },
          { on: 'row', says: /^Task Dry: in progress/, count: 1 },
        ],
      },
    ],
  },
  {
    about: 'Break off',
    script: 'int',
    answers: ['hold'],
    situations: [interrupted('SIGINT while it works', signalled('int', 'SIGINT'), /worked/)],
  },
  {
    about: 'Terminate',
    script: 'term',
    answers: ['hold'],
    situations: [interrupted('SIGTERM while it works', signalled('term', 'SIGTERM'), /worked/)],
  },
  {
    about: 'Close the window',
    script: 'close',
    answers: ['hold'],
    situations: [interrupted('its terminal is closed while it works', closed('close'), /worked/)],
  },
  {
    about: 'Ask and end',
    script: 'end',
    answers: [command('ended')],
    situations: [
      dialog('ended'),
      interrupted('its terminal is closed while it asks', ({ session }) => session.close(), /asked: Bash: touch ended/),
    ],
  },
  {
    about: 'Kill it',
    script: 'kill',
    answers: ['hold'],
    situations: [interrupted('its process is killed', signalled('kill', 'SIGKILL'), /worked/, 'its process is gone')],
  },
  {
    about: 'Bring it back',
    script: 'back',
    answers: [BEGUN, 'hold', 'hold'],
    after: endConversations,
    situations: [
      interrupted('its terminal is closed while it works', closed('back'), /worked/),
      {
        situation: 'it is recovered',
        state: 'working: it goes on in a terminal',
        signal: 'SessionStart (resume), UserPromptSubmit',
        withinMs: AT_ONCE_MS,
        act: async (scene) => recover(scene, 'back'),
        sees: ({ row }) => [{ ...row(/working\./), count: 1 }],
      },
    ],
  },
  {
    about: 'Take the fork',
    // The earlier version begins a copy under the id of the original: a test with a process that stands in for it shows that.
    only: '2.1.332',
    script: 'fork',
    // What is resumed has an answer to what was broken off: that there was none.
    answers: ['hold', BEGUN, 'hold', 'hold', 'hold', 'hold'],
    after: endConversations,
    situations: [
      {
        situation: 'it is recovered although its process lives',
        state: 'working: a copy of the conversation goes on in a terminal',
        signal: 'SessionStart (fork), UserPromptSubmit',
        withinMs: AT_ONCE_MS,
        act: async (scene) => {
          const { stage, session } = scene;
          await stage.model.untilHeld('fork');
          const conversation = await session.conversation();
          await markFailed(stage, conversation);
          await recover(scene, 'fork', 2);
          assert.notEqual(resumed(scene).sessionId, conversation);
        },
        sees: ({ row }) => [{ ...row(/working\./), count: 1 }],
      },
      {
        situation: 'the copy is killed, and recovered in its turn',
        state: 'working: the copy goes on, the newest conversation',
        signal: 'SessionStart (resume), UserPromptSubmit',
        withinMs: AT_ONCE_MS,
        act: async (scene) => {
          const copy = resumed(scene);
          process.kill(copy.pid, 'SIGKILL');
          await recover(scene, 'fork', 2);
          assert.equal(resumed(scene).sessionId, copy.sessionId);
        },
        sees: ({ row }) => [{ ...row(/working\./), count: 1 }],
      },
    ],
  },
  {
    about: 'Work unseen',
    script: 'unseen',
    answers: [question('Which colour shall it be?')],
    before: async ({ workbench }) => workbench.activityBar.open('Explorer'),
    after: async ({ workbench }) => workbench.activityBar.open(TITLE),
    situations: [
      {
        situation: 'a new session asks while the view is hidden',
        state: 'the badge counts it',
        signal: 'PermissionRequest',
        withinMs: AT_ONCE_MS,
        act: ({ session }) => session.untilShown('Which colour shall it be?'),
        sees: ({ needed }) => [{ on: 'badge', says: new RegExp(`^${needed + 1}$`) }],
      },
      {
        situation: 'a new session asks while the view is hidden, and nobody has been told',
        state: 'a notification tells it',
        signal: 'PermissionRequest',
        withinMs: TOAST_MS,
        sees: () => [{ on: 'toast', says: /Which colour shall it be\?/, count: 1 }],
      },
    ],
  },
  {
    about: 'Go on alone',
    script: 'alone',
    answers: [{ use: 'Bash', input: { command: 'ls', description: 'List' }, held: 'whole' }, 'hold'],
    situations: [
      {
        situation: 'the editor is closed for a while, and it works on meanwhile',
        state: 'working, in the same row; nothing says that it fell silent',
        signal: 'the hooks of before, and its process',
        withinMs: SOON_MS,
        act: async ({ stage }) => {
          await stage.model.untilHeld('alone');
          await whileClosed(stage, async () => {
            stage.model.release('alone');
            await stage.model.untilHeld('alone');
          });
        },
        sees: ({ row }) => [
          { ...row(/working\./), count: 1 },
          { ...row(/./), count: 1 },
          { on: 'toast', says: /silent|Recover/, count: 0 },
        ],
      },
      {
        situation: 'it ends its turn while the editor is closed',
        state: 'idle, in the same row',
        signal: 'the hooks of before, and its process',
        withinMs: SOON_MS,
        act: async ({ stage, session }) => {
          await whileClosed(stage, async () => {
            stage.model.release('alone');
            await session.untilShown('Done.');
          });
        },
        sees: ({ row }) => [
          { ...row(/idle\./), count: 1 },
          { ...row(/./), count: 1 },
        ],
      },
    ],
  },
  {
    about: 'Meet an error',
    script: 'error',
    answers: [{ ...failure(500), held: 'whole' }],
    env: { CLAUDE_CODE_MAX_RETRIES: '0' },
    situations: [
      {
        situation: 'the API fails',
        state: 'stopped, with the error; alive, nothing to recover',
        signal: 'StopFailure',
        withinMs: AT_ONCE_MS,
        act: async ({ stage, session }) => {
          await stage.model.untilHeld('error');
          stage.model.release('error');
          await session.untilShown(/API Error/);
        },
        sees: ({ row }) => [row(/stopped\. Reason: API error: /)],
      },
      {
        situation: 'it is asked again, and the API fails, six times in all',
        state: 'stopped, in one row',
        signal: 'StopFailure',
        withinMs: AT_ONCE_MS,
        act: async ({ session, stage, row }) => {
          for (let time = 2; time <= 6; time += 1) {
            await session.ask(`Time ${time} @error`);
            await stage.untilSeen(row(/working\./));
            await stage.model.untilHeld('error');
            stage.model.release('error');
          }
          const actions = await stage.workbench.sessions.actions(row(/./).says);
          assert.ok(!actions.includes('Recover Session'), 'There is nothing to recover.');
        },
        sees: ({ row }) => [
          { ...row(/stopped\. Reason: API error: /), count: 1 },
          { ...row(/(failed|completed)/), count: 0 },
        ],
      },
    ],
  },
  {
    about: 'Meet the limit',
    script: 'limit',
    answers: [failure(429)],
    env: { CLAUDE_CODE_MAX_RETRIES: '0' },
    situations: [
      {
        situation: 'the rate limit is reached',
        state: 'stopped, with the limit; alive, nothing to recover',
        signal: 'StopFailure',
        withinMs: AT_ONCE_MS,
        act: ({ session }) => session.untilShown(/rate_limit|429|limit reached/),
        sees: ({ row }) => [row(/stopped\. Reason: Rate limited/)],
      },
    ],
  },
  {
    about: 'Make room',
    script: 'room',
    answers: [{ say: 'There is room.' }],
    others: { more: [{ say: 'There is more.' }] },
    situations: [
      {
        situation: 'it has answered',
        state: 'idle',
        signal: 'Stop',
        withinMs: AT_ONCE_MS,
        act: ({ session }) => session.untilShown('There is room.'),
        sees: idle,
      },
      {
        situation: '/compact',
        state: 'working',
        signal: 'PreCompact',
        withinMs: AT_ONCE_MS,
        act: async ({ session, stage }) => {
          await session.ask('Go on @more');
          await session.untilShown('There is more.');
          // Versions differ in what they ask the model then, and how often.
          stage.model.script('more', [SUMMARY, SUMMARY]);
          await session.ask('/compact');
          await stage.model.untilHeld('more');
        },
        sees: working,
      },
      {
        situation: '/compact is done',
        state: 'idle',
        signal: 'PostCompact',
        withinMs: SOON_MS,
        act: async ({ stage, session }) => {
          await until('it has compacted', () => {
            stage.model.release('more');
            return session.shows(/Compacted \(/) || undefined;
          });
        },
        sees: idle,
      },
      {
        situation: '/exit',
        state: 'completed',
        signal: 'SessionEnd (prompt_input_exit)',
        withinMs: SOON_MS,
        act: async ({ session }) => {
          await session.ask('/exit');
          await session.untilExited();
        },
        sees: ({ row }) => [row(/completed\./)],
      },
    ],
  },
  {
    about: 'Work twice',
    script: 'twice',
    answers: [{ say: 'Once.' }],
    situations: [
      {
        situation: 'a second process works on the same conversation',
        state: 'pointed out',
        signal: 'SessionStart (resume) of another process',
        withinMs: SOON_MS,
        act: async ({ stage, session }) => {
          await session.untilShown('Once.');
          const second = stage.start({ args: ['--resume', await session.conversation()] });
          await second.untilShown('Once.');
        },
        sees: ({ row }) => [row(/.*Another process works on the same conversation\./)],
      },
      {
        situation: 'one of the two ends',
        state: 'idle: it lives as long as one of them',
        signal: 'the processes',
        withinMs: SOON_MS,
        act: async ({ session }) => {
          session.signal('SIGINT');
          await session.untilExited();
        },
        sees: ({ row }) => [row(/idle\./), { ...row(/.*Another process works on the same conversation\./), count: 0 }],
      },
    ],
  },
  {
    about: 'Work elsewhere',
    script: 'elsewhere',
    answers: ['hold'],
    isElsewhere: true,
    situations: [
      {
        situation: 'it works in a folder that no editor has open',
        state: 'working',
        signal: 'UserPromptSubmit',
        withinMs: SOON_MS,
        act: untilHeld('elsewhere'),
        sees: working,
      },
    ],
  },
];

function failure(status: number): Failure {
  return { fail: status, headers: { 'x-should-retry': 'false' } };
}

function task(subject: string): Use {
  return { use: 'TaskCreate', input: { subject, description: `${subject}, all of it`, activeForm: subject } };
}

function todo(content: string, status: string) {
  return { content, status, activeForm: content };
}

async function expanded({ stage, row }: Scene): Promise<void> {
  // While it moves to another group it may be there twice.
  await stage.untilSeen({ ...row(/./), count: 1 });
  await stage.workbench.sessions.expand(row(/./).says);
}

function nextAnswer(script: string) {
  return async ({ stage }: Scene) => {
    await stage.model.untilHeld(script);
    stage.model.release(script);
  };
}

function closed(script: string) {
  return async (scene: Scene) => {
    await untilHeld(script)(scene);
    scene.session.close();
  };
}

async function whileClosed({ launched, workbench }: Stage, work: () => Promise<void>): Promise<void> {
  await launched.whileClosed(work);
  await workbench.activityBar.open(TITLE);
}

/** As another machine may do that hears nothing of it. */
async function markFailed({ api }: Stage, conversation: string): Promise<void> {
  const { sessions } = await api.listSessions();
  const session = sessions.find(({ metadata }) => metadata['claude_session_id'] === conversation);
  assert.ok(session);
  await api.markSessionFailed(session.session_id, { error_message: 'It was given up.' });
}

/** Until Claude Code was told in a terminal to go on, so that so many processes wait for the model. */
async function recover({ stage, row }: Scene, script: string, waiting = 1): Promise<void> {
  const { sessions, dialog } = stage.workbench;
  await stage.untilSeen(row(/failed\./));
  await sessions.press(row(/failed\./).says, 'Recover Session');
  await dialog.detail.filter({ hasText: 'terminal' }).waitFor();
  await dialog.press('Recover');
  await stage.model.untilHeld(script, waiting);
}

/** The one that the editor has resumed, beside the one of the test. */
function resumed({ stage, session }: Scene): RunningClaude {
  const [claude, ...others] = runningClaudes(stage.home).filter(({ pid }) => pid !== session.pid);
  assert.ok(claude !== undefined && others.length === 0);
  return claude;
}

/** Of those that the editor has resumed. */
function endConversations({ home }: Stage): void {
  for (const { pid } of runningClaudes(home)) process.kill(pid, 'SIGKILL');
}

function signalled(script: string, signal: NodeJS.Signals) {
  return async (scene: Scene) => {
    await untilHeld(script)(scene);
    scene.session.signal(signal);
  };
}
