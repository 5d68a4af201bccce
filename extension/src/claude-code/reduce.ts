import type { TaskStatus } from '../../api.d.ts';
import type { Proof } from './claude-known.ts';
import type { ClaudeState, Question } from './claude-state.ts';
import { HOOK_TIMEOUT_SECONDS } from './hook-command.ts';
import type { HookRecord } from './hook-record.ts';
import type { RegisterEntry } from './register-entry.ts';
import { isResumePrompt } from './resume-prompt.ts';
import { taskStepsOf } from './task-steps.ts';
import { inShort, questionIn, questionInShort, toolInShort, toolName } from './tool-words.ts';

/** What is told of a session of Claude Code, by whom. */
export type Signal =
  | { readonly kind: 'hook'; readonly record: HookRecord }
  | { readonly kind: 'register'; readonly entry: RegisterEntry }
  /** These of its processes are gone, and no hook of theirs is on its way any more. */
  | { readonly kind: 'gone'; readonly pids: readonly number[]; readonly at: number };

/** What is to be done with what is tracked, beside telling how it is. */
export type Step =
  | { readonly do: 'begin' }
  | { readonly do: 'describe'; readonly title: string }
  | { readonly do: 'task'; readonly key: string; readonly name?: string; readonly to: TaskStatus | 'deleted' | 'known' }
  | { readonly do: 'rename-task'; readonly key: string; readonly name: string }
  | { readonly do: 'complete'; readonly at: number }
  | { readonly do: 'fail'; readonly message: string; readonly at: number };

interface Next {
  readonly state: ClaudeState;
  /** In the order in which they are to be done. */
  readonly steps: readonly Step[];
}

/** Hooks that run at the same time may overtake each other, by no more than Claude Code lets them take. */
const LATE_MS = HOOK_TIMEOUT_SECONDS * 1000;
const MOST_FAULT = 300;
const MOST_MESSAGE = 500;
/** So long before its process is gone, the register may call one idle that was interrupted. */
const LEAVING_MS = 5000;

/** How it is after a signal. Nothing is guessed: what no signal told does not change. */
export function reduce(before: ClaudeState, signal: Signal): Next {
  const next = afterSignal(before, signal);
  return next.state === before ? next : { ...next, state: withActivity(next.state) };
}

function afterSignal(state: ClaudeState, signal: Signal): Next {
  switch (signal.kind) {
    case 'hook':
      return afterHook(state, signal.record);
    case 'register':
      if (state.phase !== 'live') return { state, steps: [] };
      return { state: afterRegister(withRegistered(state, signal.entry), signal.entry), steps: [] };
    case 'gone':
      return state.phase === 'live' ? withoutProcesses(state, signal.pids, signal.at) : { state, steps: [] };
    default:
      return signal satisfies never;
  }
}

function withActivity(state: ClaudeState): ClaudeState {
  const { activityDetail: _before, ...rest } = state;
  const [question] = state.questions;
  if (question) return { ...rest, activity: 'waiting_for_input', activityDetail: question.text };
  if (state.turn.is === 'working' || Object.keys(state.agents).length > 0) return { ...rest, activity: 'working' };
  return { ...rest, activity: 'idle', activityDetail: state.fault };
}

function afterHook(before: ClaudeState, record: HookRecord): Next {
  const isLate = record.at < before.seenAt && before.seenAt - record.at < LATE_MS;
  const seen = withProcess(before, record, isLate);
  if (before.phase === 'live') return afterEvent(seen, record, isLate);
  if (!begins(before, record)) return { state: seen, steps: [] };
  // It counts as working from its first event on, except where it waits for a first prompt.
  const fresh: ClaudeState = {
    ...cleared(withProcess({ ...before, processes: [], endings: [] }, record, false), record.at),
    turn: { is: 'working', at: record.at },
  };
  const next = afterEvent({ ...fresh, proof: hookProof(record) }, record, false);
  return { ...next, steps: [{ do: 'begin' }, ...next.steps] };
}

function begins({ phase }: ClaudeState, { event }: HookRecord): boolean {
  switch (phase) {
    case 'live':
      return false;
    case 'new':
      // One that was connected in the middle is followed from there on.
      return event !== 'SessionEnd';
    case 'ended':
      // Hooks of agents may come in late. A person who asks again goes on.
      return event === 'SessionStart' || event === 'UserPromptSubmit';
    case 'parted':
      return event === 'SessionStart';
    default:
      return phase satisfies never;
  }
}

function withProcess(state: ClaudeState, { at, process, transcript_path, event }: HookRecord, isLate: boolean) {
  const { pid } = process;
  const others = state.processes.filter((each) => each.pid !== pid || each.host !== process.host);
  const isEnd = event === 'SessionEnd';
  return {
    ...state,
    seenAt: isLate ? state.seenAt : at,
    ...(transcript_path !== undefined && { transcript: transcript_path }),
    ...(pid === undefined
      ? { process: state.process ?? process }
      : {
          process,
          processes:
            isEnd && others.length === state.processes.length ? others : [...others, { ...process, seenAt: at }],
          // One that said it ends, and goes on.
          endings: isEnd ? state.endings : state.endings.filter((ending) => ending.pid !== pid || ending.at > at),
        }),
  };
}

/** Nothing of what it was in the middle of. */
function cleared(state: ClaudeState, at: number): ClaudeState {
  const { tool: _tool, fault: _fault, left: _left, ...rest } = state;
  return { ...rest, turn: { is: 'idle', at }, questions: [], agents: {}, calls: [] };
}

function afterEvent(state: ClaudeState, record: HookRecord, isLate: boolean): Next {
  const steps: Step[] = [...titleSteps(state, record), ...agentSteps(state, record), ...taskStepsOf(state, record)];
  if (record.event === 'SessionEnd') {
    const end = afterEnd(state, record);
    return { ...end, steps: [...steps, ...end.steps] };
  }
  const tells = state.tellsTasks || tellsTasks(record);
  const known = withAgents({ ...state, tellsTasks: tells }, record);
  const next = isLate ? known : afterTurn(known, record);
  return { state: next, steps };
}

/** By itself, and not by calling agents. */
function tellsTasks({ event, tool_name = '' }: HookRecord): boolean {
  return (
    event === 'TaskCreated' || event === 'TaskCompleted' || /^(?:Task(?:Create|Update)|TodoWrite)$/.test(tool_name)
  );
}

/** Where the conversation itself is with what it was asked. */
function afterTurn(state: ClaudeState, record: HookRecord): ClaudeState {
  const proven: ClaudeState = { ...state, proof: hookProof(record) };
  const { at, event, agent_id: agent } = record;
  switch (event) {
    case 'SessionStart':
      // In the middle of its work it makes room in its memory, and goes on; or another process joins in.
      if (record.source === 'compact' || isJoined(state)) return state;
      return cleared(proven, at);
    case 'UserPromptSubmit':
      return working(
        answered(proven, ({ agent }) => agent === undefined),
        at,
      );
    case 'PreCompact':
      return { ...working(proven, at), tool: { name: 'Compact', inShort: 'Compact' } };
    case 'PostCompact':
      return record.trigger === 'manual' ? idle(proven, at) : withoutTool(proven);
    case 'PreToolUse': {
      if (agent !== undefined) return state;
      const running = {
        ...working(proven, at),
        tool: { name: toolName(record.tool_name ?? 'a tool'), inShort: toolInShort(record) },
      };
      // Versions that ask no permission for them tell of no dialog either.
      return ASKS.has(record.tool_name ?? '') ? asked(running, questionOf(record)) : running;
    }
    case 'PermissionRequest':
      return asked(proven, questionOf(record));
    case 'PostToolUse':
    case 'PostToolUseFailure': {
      const key = keyOf(record);
      const told = answered(proven, (question) => question.agent === agent && isOf(question, record, key));
      return agent === undefined
        ? withoutTool(working(told, at))
        : { ...told, ...(told.questions.length > 0 && { proof: state.proof }) };
    }
    case 'Elicitation':
      return asked(proven, { key: elicitationOf(record), text: textOf(record), at });
    case 'ElicitationResult':
      return answered(proven, ({ key }) => key === elicitationOf(record));
    case 'Notification':
      return afterNotification(state, record);
    case 'Stop':
    case 'StopFailure': {
      const agents = behindIt(state, record);
      const { last_assistant_message: said } = record;
      const rests = {
        ...idle(
          answered(proven, (question) => question.agent === undefined),
          at,
        ),
        agents,
      };
      if (event === 'StopFailure') return { ...rests, fault: faultIn(record) };
      return said === undefined ? rests : { ...rests, lastMessage: inShort(said, MOST_MESSAGE) };
    }
    case 'SubagentStop':
      return answered(state, (question) => question.agent === agent && agent !== undefined);
    default:
      // A newer Claude Code may tell more than is asked for.
      return state;
  }
}

function isJoined({ processes, turn, questions }: ClaudeState): boolean {
  return processes.length > 1 && (turn.is === 'working' || questions.length > 0);
}

function working(state: ClaudeState, at: number): ClaudeState {
  const { fault: _fault, left: _left, ...rest } = state;
  return { ...rest, turn: { is: 'working', at } };
}

function idle(state: ClaudeState, at: number): ClaudeState {
  return { ...withoutTool(state), turn: { is: 'idle', at } };
}

function withoutTool({ tool: _tool, ...rest }: ClaudeState): ClaudeState {
  return rest;
}

function asked(state: ClaudeState, question: Question): ClaudeState {
  const others = state.questions.filter(
    ({ key, agent }) => key !== '' && (key !== question.key || agent !== question.agent),
  );
  const before = state.questions.find(({ key, agent }) => key === question.key && agent === question.agent);
  return { ...state, questions: [...others, before ? { ...question, at: before.at } : question] };
}

function answered(state: ClaudeState, is: (question: Question) => boolean): ClaudeState {
  return { ...state, questions: state.questions.filter((question) => !is(question)) };
}

function questionOf(record: HookRecord): Question {
  const { agent_id, at } = record;
  return { key: keyOf(record), text: questionIn(record), at, ...(agent_id !== undefined && { agent: agent_id }) };
}

function keyOf({ tool_name = '', tool_input }: HookRecord): string {
  return `${tool_name} ${tool_input === undefined ? '' : JSON.stringify(tool_input)}`.slice(0, 1000);
}

/** What is asked may change with the answer, and what a tool reports may be cut off: then its name has to do. */
function isOf({ key }: Question, { tool_name = '', tool_input }: HookRecord, wanted: string): boolean {
  if (key === '' || key === wanted) return true;
  const byName = tool_input === undefined || ASKS.has(tool_name);
  return byName && key.startsWith(`${tool_name} `);
}

/** These are questions themselves. */
const ASKS: ReadonlySet<string> = new Set(['AskUserQuestion', 'ExitPlanMode']);

function elicitationOf({ mcp_server_name = '' }: HookRecord): string {
  return `elicitation ${mcp_server_name}`;
}

function textOf({ message }: HookRecord): string | undefined {
  return message === undefined ? undefined : questionInShort(message);
}

/** It comes seconds after the dialog: of those that no other hook told of it is the only sign. */
function afterNotification(state: ClaudeState, record: HookRecord): ClaudeState {
  const { at } = record;
  const proven: ClaudeState = { ...state, proof: hookProof(record) };
  switch (record.notification_type ?? '') {
    case 'permission_prompt':
    case 'worker_permission_prompt':
    case 'agent_needs_input':
    case 'elicitation_dialog':
    case 'elicitation_url_dialog':
      return state.questions.length > 0 ? state : asked(proven, { key: '', text: textOf(record), at });
    case 'elicitation_response':
      return answered(proven, ({ key }) => key === '' || key.startsWith('elicitation '));
    case 'idle_prompt':
      return idle(
        answered(proven, () => true),
        at,
      );
    default:
      return state;
  }
}

function faultIn({ error = '', last_assistant_message: said = '' }: HookRecord): string {
  const what = said.replace(/^API Error:\s*/, '').trim();
  if (error === 'rate_limit') return inShort(what === '' ? 'Rate limited' : `Rate limited: ${what}`, MOST_FAULT);
  return inShort(`API error: ${what || error.replaceAll('_', ' ') || 'no reason was given'}`, MOST_FAULT);
}

/** The agents that go on when a turn ends. A shell in the background, such as a server, is nothing to wait for. */
function behindIt({ agents }: ClaudeState, { background_tasks }: HookRecord): ClaudeState['agents'] {
  if (background_tasks === undefined) return agents;
  const going = background_tasks.filter(({ type, status }) => type !== 'shell' && (status ?? 'running') === 'running');
  return Object.fromEntries(
    going.flatMap(({ id, description }) => (id === undefined ? [] : [[id, agents[id] ?? description ?? 'Agent']])),
  );
}

function withAgents(state: ClaudeState, record: HookRecord): ClaudeState {
  const { event, agent_id: id, agent_type: type, tool_name } = record;
  if (event === 'PreToolUse' && (tool_name === 'Agent' || tool_name === 'Task')) {
    const { description: about, subagent_type } = record.tool_input ?? {};
    if (typeof about !== 'string') return state;
    return {
      ...state,
      calls: [...state.calls, { about, ...(typeof subagent_type === 'string' && { type: subagent_type }) }],
    };
  }
  const called = calledIn(record);
  if (called) return withCalled(state, called);
  if (id === undefined) return state;
  if (event === 'SubagentStart') {
    const call = id in state.agents ? undefined : callOf(state, type);
    const calls = state.calls.filter((each) => each !== call);
    return { ...state, agents: { ...state.agents, [id]: aboutOf(state, id, type) }, calls };
  }
  if (event !== 'SubagentStop') return state;
  const { [id]: _over, ...agents } = state.agents;
  return { ...state, agents };
}

/** Which agent a call has begun, which is told a moment after it began. */
function calledIn({ event, tool_name, tool_input = {}, tool_response = {} }: HookRecord) {
  if (event !== 'PostToolUse' || (tool_name !== 'Agent' && tool_name !== 'Task')) return undefined;
  const { agentId: id } = tool_response;
  const { description: about } = tool_input;
  if (typeof id !== 'string' || typeof about !== 'string') return undefined;
  return { id, about, isUnderWay: tool_response['status'] === 'async_launched' };
}

/** What was taken for the call of another is that one's again. */
function withCalled(state: ClaudeState, { id, about, isUnderWay }: { id: string; about: string; isUnderWay: boolean }) {
  const { [id]: taken } = state.agents;
  if (taken === about || (taken === undefined && !isUnderWay)) return state;
  const own = state.calls.findIndex((call) => call.about === about);
  const calls = state.calls.filter((_, index) => index !== own);
  return {
    ...state,
    agents: { ...state.agents, [id]: about },
    calls: taken === undefined ? calls : [...calls, { about: taken }],
  };
}

/** Those of one type begin in the order in which they were called, except where several are called at once. */
function callOf({ calls }: ClaudeState, type: string | undefined) {
  return calls.find((call) => call.type === type) ?? calls.find((call) => call.type === undefined);
}

function aboutOf(state: ClaudeState, id: string, type: string | undefined): string {
  return state.agents[id] ?? callOf(state, type)?.about ?? type ?? 'Agent';
}

function agentSteps(state: ClaudeState, record: HookRecord): readonly Step[] {
  const { event, agent_id: id, agent_type: type } = record;
  const called = calledIn(record);
  if (called) return [{ do: 'rename-task', key: `agent:${called.id}`, name: called.about }];
  if (id === undefined) return [];
  const key = `agent:${id}`;
  if (event === 'SubagentStart' && !state.tellsTasks) {
    return [{ do: 'task', key, name: aboutOf(state, id, type), to: 'in_progress' }];
  }
  return event === 'SubagentStop' && key in state.tasks ? [{ do: 'task', key, to: 'completed' }] : [];
}

/** The first prompt of a person says what a session is about. */
function titleSteps({ title }: ClaudeState, { event, prompt = '' }: HookRecord): readonly Step[] {
  if (event !== 'UserPromptSubmit' || title !== undefined) return [];
  const line = prompt.replaceAll(/\s+/g, ' ').trim().slice(0, 200).toWellFormed();
  return line === '' || NO_TITLE.test(line) || isResumePrompt(line) ? [] : [{ do: 'describe', title: line }];
}

/** A command, as in `/clear` but not `/home/ada/cart.ts`; or a message of a machine, as in `<task-notification>`. */
const NO_TITLE = /^(\/[\w:.-]+(\s|$)|<[a-z][\w-]*[\s>])/;

/** That it ends is proven by its process; of one that cannot be looked at, and of one that goes on elsewhere, by its word. */
function afterEnd(state: ClaudeState, record: HookRecord): Next {
  const { at, reason = '', process } = record;
  const isLet = BY_A_PERSON.has(reason);
  const doing = isLet ? undefined : doingIn(state, at);
  const ending = { at, pid: process.pid, ...(doing !== undefined && { doing }) };
  const ended: ClaudeState = { ...state, endings: [...state.endings, ending], proof: hookProof(record) };
  const goesElsewhere = reason === 'clear' || reason === 'resume';
  if (process.pid === undefined || state.processes.length === 0) return finished(ended, ending);
  return goesElsewhere ? withoutProcesses(ended, [process.pid], at) : { state: ended, steps: [] };
}

const BY_A_PERSON = new Set(['clear', 'resume', 'logout', 'prompt_input_exit']);

function withoutProcesses(state: ClaudeState, pids: readonly number[], at: number): Next {
  const isGone = ({ pid }: { readonly pid?: number | undefined }) => pid !== undefined && pids.includes(pid);
  const processes = state.processes.filter((process) => !isGone(process));
  const ending = state.endings.findLast(isGone);
  const rest: ClaudeState = { ...state, processes, endings: state.endings.filter((each) => !isGone(each)) };
  const [other] = processes.toSorted((a, b) => b.seenAt - a.seenAt);
  // As long as one works on the conversation, it goes on.
  if (other) return { state: { ...rest, process: other }, steps: [] };
  const proof: Proof = { signal: 'process', name: 'gone', at };
  if (ending) return finished(rest, ending);
  const doing = doingIn(state, at);
  const message = doing === undefined ? 'Its process ended.' : `Interrupted while it ${doing}.`;
  return { state: { ...cleared(rest, at), proof }, steps: [{ do: 'fail', message, at }] };
}

function finished(
  state: ClaudeState,
  { at, doing }: { readonly at: number; readonly doing?: string | undefined },
): Next {
  const step: Step =
    doing === undefined ? { do: 'complete', at } : { do: 'fail', message: `Interrupted while it ${doing}.`, at };
  return { state: cleared(state, at), steps: [step] };
}

/** What it is in the middle of. */
function doingIn({ questions, tool, agents, turn, left }: ClaudeState, at: number): string | undefined {
  const [question] = questions;
  if (question) return question.text === undefined ? 'asked something' : `asked: ${question.text}`;
  if (tool !== undefined) return `ran ${tool.name}`;
  if (turn.is === 'working') return 'worked';
  if (Object.keys(agents).length > 0) return 'waited for its agents';
  return left !== undefined && at - left.at < LEAVING_MS ? left.doing : undefined;
}

/** On Windows no hook tells of its process. */
function withRegistered(state: ClaudeState, { pid, at }: RegisterEntry): ClaudeState {
  const { process, processes } = state;
  if (process === undefined || processes.some((each) => each.pid === pid)) return state;
  return { ...state, processes: [...processes, { host: process.host, pid, seenAt: at }] };
}

/** The register knows what no hook tells: that a dialog was answered, denied or left, and that work was interrupted. */
function afterRegister(state: ClaudeState, { is, at, waitingFor }: RegisterEntry): ClaudeState {
  const proven: ClaudeState = { ...state, proof: { signal: 'register', name: is, at } };
  if (is === 'waiting') {
    const isKnown = state.questions.length > 0 || state.turn.at > at;
    return isKnown ? state : asked(working(proven, at), { key: '', text: waitingFor, at });
  }
  const told = answered(proven, (question) => question.at < at);
  const isOld = state.turn.at >= at || (is === 'busy') === (state.turn.is === 'working');
  if (isOld) return told.questions.length < state.questions.length ? told : state;
  if (is === 'busy') return working(told, at);
  const doing = doingIn(state, at);
  return { ...idle(told, at), ...(doing !== undefined && { left: { doing, at } }) };
}

function hookProof({ event, at }: HookRecord): Proof {
  return { signal: 'hook', name: event, at };
}
