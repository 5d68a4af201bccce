// Works through fifty tasks in two windows of one workspace, one after the other: 25 when it starts in the first, the
// rest in the second. Each half ends with a file in the workspace that says what was reported.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ClaudeProjectsApi, Orchestration, OrchestrationTask, Result } from '../../../../../api.d.ts';
import type { Half, ReportedTask } from './half.ts';

const HALF = 25;

export async function activate(): Promise<void> {
  const extension = vscode.extensions.getExtension<ClaudeProjectsApi>('claude-projects.claude-projects');
  const claudeProjects = await extension?.activate();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (!claudeProjects || folder === undefined) throw new Error('There is nothing to work with.');
  const first = join(folder, 'first-half.json');
  if (existsSync(first)) write(join(folder, 'second-half.json'), await secondHalf(await resumed(claudeProjects)));
  else write(first, await firstHalf(claudeProjects));
}

/** The last of its tasks is still under way when it returns. */
async function firstHalf(claudeProjects: ClaudeProjectsApi): Promise<Half> {
  const orchestration = valueOf(await claudeProjects.startOrchestration({ projectId: 'reload/fifty' }));
  const tasks: ReportedTask[] = [];
  for (let index = 0; index < HALF; index += 1) {
    const { task, reported } = await start(orchestration, index);
    tasks.push(index === HALF - 1 ? reported : { ...reported, completed: await complete(task) });
  }
  return { sessionId: orchestration.sessionId, tasks };
}

async function secondHalf(orchestration: Orchestration): Promise<Half> {
  const tasks: ReportedTask[] = [];
  const left = orchestration.tasks.filter(({ status }) => status === 'in_progress');
  for (const task of left) {
    tasks.push({ taskId: task.taskId, name: task.name, completed: await complete(task) });
  }
  for (let index = HALF; index < 2 * HALF; index += 1) {
    const { task, reported } = await start(orchestration, index);
    tasks.push({ ...reported, completed: await complete(task) });
  }
  valueOf(await orchestration.complete());
  return { sessionId: orchestration.sessionId, tasks };
}

async function resumed(claudeProjects: ClaudeProjectsApi): Promise<Orchestration> {
  const next = Promise.withResolvers<Orchestration>();
  const listening = claudeProjects.onDidStartOrchestration(next.resolve);
  const [there] = claudeProjects.orchestrations;
  if (there) next.resolve(there);
  try {
    return await next.promise;
  } finally {
    listening.dispose();
  }
}

async function start(orchestration: Orchestration, index: number) {
  const from = Date.now();
  const task = valueOf(await orchestration.startTask({ name: `Step ${index}` }));
  const reported: ReportedTask = { taskId: task.taskId, name: task.name, started: [from, Date.now()] };
  return { task, reported };
}

async function complete(task: OrchestrationTask): Promise<readonly [number, number]> {
  const from = Date.now();
  valueOf(await task.complete());
  return [from, Date.now()];
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** Whole, or not there yet. */
function write(path: string, half: Half): void {
  writeFileSync(`${path}.new`, JSON.stringify(half));
  renameSync(`${path}.new`, path);
}
