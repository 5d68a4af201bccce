import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateTrackingApiClient, type Task } from '@claude-projects/shared/client';
import { LiveApi } from '../workbench/api/live-api.ts';
import { bundleExtension } from '../workbench/bundle-extension.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { createRunFolder } from '../workbench/processes/run-folder.ts';
import { Half, type ReportedTask } from './support/fifty-tasks/src/half.ts';

/** An extension of its own acts: a person cannot start fifty tasks while a window reloads. */
const driver = join(import.meta.dirname, 'support/fifty-tasks');

const ways = [
  { what: 'the window is reloaded', leave: (launched: LaunchedWorkbench) => launched.reload() },
  { what: 'the extension host dies', leave: (launched: LaunchedWorkbench) => launched.restartHost() },
];

for (const { what, leave } of ways) {
  describe(`fifty tasks while the API is away, if ${what} in the middle`, function () {
    this.timeout(120_000);
    const owned = new AsyncDisposableStack();
    let api: LiveApi;
    let launched: LaunchedWorkbench;

    before(async () => {
      const folder = join(owned.use(createRunFolder()).path, 'fifty-tasks');
      await bundleExtension(driver, folder);
      api = owned.use(await LiveApi.start());
      await api.stop();
      launched = owned.use(
        await launchWorkbench({
          others: [folder],
          env: { CLAUDE_PROJECTS_API_KEY: api.key },
          settings: { 'claudeProjects.server.mode': 'remote', 'claudeProjects.apiBaseUrl': api.url },
        }),
      );
    });
    after(() => owned.disposeAsync());

    it('arrive once, in order, dated when they happened', async () => {
      const first = await half('first-half.json');
      await leave(launched);
      await arrived(first, await half('second-half.json'));
    });

    function half(file: string): Promise<Half> {
      const path = join(launched.workspace, file);
      return eventually(file, () =>
        existsSync(path) ? Half.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined,
      );
    }

    async function arrived(first: Half, second: Half): Promise<void> {
      assert.equal(second.sessionId, first.sessionId, 'the second window went on with another session');
      const backAt = Date.now();
      await api.start();
      const client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key });
      const session = await eventually('the end of the session', async () => {
        const { sessions } = await client.listSessions();
        return sessions.find(({ session_id, status }) => session_id === first.sessionId && status === 'completed');
      });
      assert.ok(Date.parse(session.completed_at ?? '') < backAt, 'it ended when the API came back');
      assert.equal((await client.listSessions()).total, 1);
      const { tasks } = await client.listTasks({ session_id: first.sessionId, limit: 200 });
      const reported = merged(first, second);
      assert.equal(reported.length, 50);
      assert.deepEqual(tasks.map(asArrived), reported.map(asReported));
      for (const [index, task] of tasks.entries()) {
        assert.ok(isWithin(task.started_at, reported[index]?.started), `${task.task_name} started ${task.started_at}`);
        assert.ok(
          isWithin(task.completed_at, reported[index]?.completed),
          `${task.task_name} ended ${task.completed_at}`,
        );
      }
    }
  });
}

/** The one that was under way when the window went is in both. */
function merged(first: Half, second: Half): readonly ReportedTask[] {
  const tasks = new Map<string, ReportedTask>();
  for (const task of [...first.tasks, ...second.tasks]) tasks.set(task.taskId, { ...tasks.get(task.taskId), ...task });
  return [...tasks.values()];
}

const asArrived = ({ task_id, task_name, status, position }: Task) => [task_id, task_name, status, position];
const asReported = ({ taskId, name }: ReportedTask, index: number) => [taskId, name, 'completed', index];

function isWithin(date: string | null, span: readonly [number, number] | undefined): boolean {
  const time = Date.parse(date ?? '');
  return span !== undefined && time >= span[0] && time <= span[1];
}

const PATIENCE_MS = 60_000;

async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${what}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
