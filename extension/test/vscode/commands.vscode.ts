import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, foreignSession, untilSession, untilTasks } from './support/api-client.ts';
import { claudeProjects, startOrchestration, valueOf } from './support/claude-projects.ts';
import { eventually } from './support/eventually.ts';
import { logMark, logText, untilLogged } from './support/extension-files.ts';
import { liveApi } from './support/live-api.ts';
import { needsPerson, person } from './support/person.ts';
import { until } from './support/until.ts';

const run = (command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand(`claudeProjects.${command}`, ...args);

/** Runs one that asks a question. */
const runAndAnswer = (answer: string, command: string, ...args: unknown[]) =>
  Promise.all([run(command, ...args), person.answers(answer)]);

describe('commands for the session of this window', () => {
  afterEach(async () => {
    for (const orchestration of (await claudeProjects()).orchestrations) await orchestration.complete();
  });

  it('Start Session starts one, of the project that is open', async () => {
    await run('startSession');
    const { sessionId } = await theOrchestration();
    const { project_id, status } = await untilSession(sessionId, 'was created');
    assert.equal(project_id, vscode.workspace.workspaceFolders?.[0]?.name);
    assert.equal(status, 'active');
  });

  it('Start Session takes the project and the slot', async () => {
    await run('startSession', { projectId: 'commands/slots', dockerSlot: 7 });
    const { sessionId } = await theOrchestration();
    const { project_id, docker_slot } = await untilSession(sessionId, 'was created');
    assert.deepEqual([project_id, docker_slot], ['commands/slots', 7]);
  });

  it('Complete Session completes it', async () => {
    const { sessionId } = await startOrchestration({ projectId: 'commands/complete' });
    await run('completeSession', sessionId);
    await untilSession(sessionId, 'is completed', ({ status }) => status === 'completed');
  });

  it('Start Task asks what the task is, and starts it', async function () {
    needsPerson(this);
    const { sessionId } = await startOrchestration({ projectId: 'commands/start-task' });
    await runAndAnswer('Write the checkout', 'startTask', sessionId);
    const [task] = await untilTasks(sessionId, 'runs', isOne('in_progress'));
    assert.equal(task?.task_name, 'Write the checkout');
  });

  it('Complete Task completes it', async () => {
    const { sessionId, task } = await withTask('commands/complete-task');
    await run('completeTask', task);
    await untilTasks(sessionId, 'is completed', isOne('completed'));
  });

  it('Fail Task asks why, and fails it', async function () {
    needsPerson(this);
    const { sessionId, task } = await withTask('commands/fail-task');
    await runAndAnswer('No disk', 'failTask', task);
    const [failed] = await untilTasks(sessionId, 'failed', isOne('failed'));
    assert.equal(failed?.error_message, 'No disk');
  });

  it('Block Task asks what it waits for, and blocks it; Start Task goes on with it', async function () {
    needsPerson(this);
    const { sessionId, task } = await withTask('commands/block-task');
    await runAndAnswer('A review', 'blockTask', task);
    await untilTasks(sessionId, 'is blocked', isOne('blocked'));
    await run('startTask', task);
    await untilTasks(sessionId, 'runs', isOne('in_progress'));
  });

  it('Mark Session Failed asks why, and ends it', async function () {
    needsPerson(this);
    const { sessionId } = await startOrchestration({ projectId: 'commands/mark-failed' });
    await untilSession(sessionId, 'was created');
    await runAndAnswer('It went in circles', 'markSessionFailed', sessionId);
    const { error_message } = await untilSession(sessionId, 'failed', ({ status }) => status === 'failed');
    assert.equal(error_message, 'It went in circles');
    assert.deepEqual((await claudeProjects()).orchestrations, []);
  });
});

describe('commands for any session', () => {
  it('Mark Session Failed ends one of another machine', async function () {
    needsPerson(this);
    const { session_id } = await foreignSession('commands/foreign-failure');
    await runAndAnswer('Its machine is gone', 'markSessionFailed', session_id);
    const { status, error_message } = await api.getSession(session_id);
    assert.deepEqual([status, error_message], ['failed', 'Its machine is gone']);
  });

  it('Complete Task completes one of another machine', async () => {
    const { session_id, project_id } = await foreignSession('commands/foreign-task');
    const task = await api.createTask({ session_id, project_id, task_name: 'Theirs' });
    await run('completeTask', task);
    await untilTasks(session_id, 'is completed', isOne('completed'));
    await api.updateSession(session_id, { status: 'completed' });
  });

  it('Archive Session takes an ended one out of the list', async () => {
    const { session_id } = await foreignSession('commands/archive');
    await api.updateSession(session_id, { status: 'completed' });
    await run('archiveSession', session_id);
    const { archived_at } = await api.getSession(session_id);
    assert.notEqual(archived_at, null);
  });

  it('Archive Session says in the log why it cannot archive one that runs', async () => {
    const { session_id } = await foreignSession('commands/archive-live');
    const before = logMark();
    await run('archiveSession', session_id);
    await untilLogged(/claudeProjects\.archiveSession: INVALID_STATE: .* \(request \S+\)/, before);
    const { archived_at } = await api.getSession(session_id);
    assert.equal(archived_at, null);
    await api.updateSession(session_id, { status: 'completed' });
  });

  it('Copy Session Id puts it on the clipboard', async () => {
    const { session_id } = await foreignSession('commands/copy');
    await run('copySessionId', session_id);
    const copied = async () => (await vscode.env.clipboard.readText()) === session_id || undefined;
    await eventually('the id on the clipboard', copied);
    await api.updateSession(session_id, { status: 'completed' });
  });

  it('Show Session Details opens one page for each session, named after what it is about', async () => {
    const { session_id } = await foreignSession('commands/details');
    const { tabGroups } = vscode.window;
    const pages = () => tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label === 'commands/details'));
    await run('showSessionDetails', session_id);
    await until(() => (pages().length > 0 ? true : undefined), tabGroups.onDidChangeTabs);
    await run('showSessionDetails', session_id);
    assert.equal(pages().length, 1);
    await tabGroups.close(pages());
    await api.updateSession(session_id, { status: 'completed' });
  });

  it('Refresh, Filter and Group leave nothing wrong in the log, and the grouping is kept in the settings', async () => {
    const before = logMark();
    await run('refreshSessions');
    await run('filterSessions', 'is:running');
    await run('filterSessions', '');
    await run('loadMoreSessions');
    await run('groupSessionsBy', 'project');
    const settings = () => vscode.workspace.getConfiguration('claudeProjects');
    assert.equal(settings().get('groupBy'), 'project');
    await run('groupSessionsBy', 'health');
    assert.equal(settings().get('groupBy'), 'health');
    assert.doesNotMatch(logText(before), /\[(warning|error)\]|claudeProjects\./);
  });

  it('one that is called with something it does not know does nothing, and the log says so', async () => {
    const before = logMark();
    await run('archiveSession', { nonsense: true });
    await untilLogged(/claudeProjects\.archiveSession: The command was called with something it does not know/, before);
  });
});

describe('commands for the connection', () => {
  it('Clear API Key does not pretend to forget a key of the environment', async () => {
    const before = logMark();
    await run('clearApiKey');
    await untilLogged(/claudeProjects\.clearApiKey: The API key comes from the environment/, before);
  });

  it('Set API Key tries the key at once: a wrong one is refused, and a right one connects', async function () {
    needsPerson(this);
    const wrong = crypto.randomUUID();
    const before = logMark();
    await runAndAnswer(wrong, 'setApiKey');
    await untilLogged(/The API refused the key that was set/, before);
    await run('refreshSessions');
    const then = logMark();
    await runAndAnswer(liveApi.key, 'setApiKey');
    await untilLogged(/Connected to http/, then);
    for (const key of [wrong, liveApi.key]) assert.ok(!logText().includes(key), 'a key is in the log');
  });

  it('Restart Local Server starts none where the remote API is used', async () => {
    const before = logMark();
    await run('restartLocalServer');
    await untilLogged(/claudeProjects\.restartLocalServer: No local server is in use/, before);
  });
});

describe('Run Demo Orchestration', () => {
  it('shows work, a failure, a stall and a recovery, all of it in the API', async function () {
    this.timeout(90_000);
    await run('runDemoOrchestration');
    const { sessions } = await api.listSessions({ limit: 100 });
    const ofDemo = sessions.filter(({ project_id }) => project_id.startsWith('demo/shop-'));
    const successor = ofDemo.find(({ recovered_from }) => recovered_from !== null);
    const original = ofDemo.find(({ session_id }) => session_id === successor?.recovered_from);
    assert.equal(ofDemo.length, 2);
    assert.equal(original?.recovered_by, successor?.session_id);
    const id = successor?.session_id ?? '';
    await untilSession(id, 'is completed', ({ status }) => status === 'completed');
    const ended = await untilTasks(id, 'are done', (tasks) => tasks.every(({ status }) => status === 'completed'));
    assert.notEqual(ended.length, 0);
  });
});

async function theOrchestration() {
  return eventually('the orchestration', async () => (await claudeProjects()).orchestrations[0]);
}

async function withTask(projectId: string) {
  const orchestration = await startOrchestration({ projectId });
  const { sessionId } = orchestration;
  const { taskId, name } = valueOf(await orchestration.startTask({ name: 'Work' }));
  return { sessionId, task: { task_id: taskId, session_id: sessionId, task_name: name } };
}

function isOne(state: string): (tasks: readonly { readonly status: string }[]) => boolean {
  return (tasks) => tasks.length === 1 && tasks[0]?.status === state;
}
