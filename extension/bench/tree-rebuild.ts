import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/client';
import type { OwnSession } from '../src/lifecycle/own-session.ts';
import { systemClock } from '../src/platform/clock.ts';
import { Emitter } from '../src/platform/emitter.ts';
import { inEnglish } from '../src/platform/localize.ts';
import { SessionStore } from '../src/sessions/session-store.ts';
import { WindowSessions } from '../src/sessions/window-sessions.ts';
import { buildTree, EMPTY_TREE, type Tree, type TreeInput } from '../src/tree/build-tree.ts';
import { redrawBetween } from '../src/tree/diff-trees.ts';
import { NO_FILTER } from '../src/tree/filter.ts';
import type { TreeNode } from '../src/tree/nodes.ts';
import { FakeClaude } from '../test/support/fake-claude.ts';
import { RecordingLog } from '../test/support/recording-log.ts';
import { sampleLabels } from '../test/support/sample-labels.ts';
import { ScriptedApi, scriptedConnection } from '../test/support/scripted-api.ts';
import { manySessions } from '../test/tree/support/many-sessions.ts';

const TURNS = 31;
/** Sessions that the window itself tracks, each with a change that the API has not heard of. */
const OWN = 20;

/**
 * What one rebuild of the tree costs, in ms: the median. It begins with laying what the window knows over what was read,
 * and ends with the comparison with the tree before.
 */
export function measureTreeRebuild(sessions = 1000): number {
  const nodes = new Map<string, TreeNode>();
  const intern = (node: TreeNode) => {
    const known = nodes.get(node.id) ?? node;
    nodes.set(node.id, known);
    return known;
  };
  const windowSessions = overlaid(manySessions(sessions));
  const input: TreeInput = {
    sessions: [],
    vitals: { now: Date.parse('2026-03-01T09:00:00.000Z'), stallThresholdMs: 180_000 },
    labels: sampleLabels(() => 'Write the checkout'),
    claude: new FakeClaude(),
    own: new Set(),
    isDismissed: () => false,
    needYou: new Set(),
    grouping: 'health',
    filter: NO_FILTER,
    hasMore: true,
    notice: undefined,
  };
  let tree: Tree = EMPTY_TREE;
  const turns: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    // Every turn all rows are a minute older, which is the most that can happen to them.
    const vitals = { ...input.vitals, now: input.vitals.now + turn * 60_000 };
    const start = performance.now();
    const next = buildTree({ ...input, sessions: windowSessions.all(), vitals }, intern, inEnglish);
    redrawBetween(tree, next);
    turns.push(performance.now() - start);
    tree = next;
  }
  return turns.sort((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.NaN;
}

function overlaid(read: readonly Session[]): WindowSessions {
  const log = new RecordingLog();
  const { connection } = scriptedConnection({ api: new ScriptedApi(), clock: systemClock, log });
  const store = new SessionStore({ connection, clock: systemClock, log });
  const own = new Map(read.slice(0, OWN).map((session) => [session.session_id, ownSession(session)]));
  const changed = new Emitter<string>((error) => log.error(String(error)));
  const sessions = new WindowSessions({
    store,
    lifecycle: {
      ownSession: (sessionId) => own.get(sessionId),
      onDidChangeOwn: changed.event,
      onDidLearn: () => ({ dispose: () => undefined }),
    },
    log,
  });
  for (const session of read) store.learn({ kind: 'session', session });
  for (const sessionId of own.keys()) changed.fire(sessionId);
  return sessions;
}

function ownSession({ session_id, project_id, machine_id, started_at }: Session): OwnSession {
  const task_id = randomUUID();
  return {
    session: { session_id, project_id, machine_id, workspace: 'here', since: started_at },
    tasks: [{ taskId: task_id, name: 'Write the checkout', status: 'pending' }],
    present: { activity: 'working', activityDetail: undefined, currentTask: undefined },
    undelivered: [{ kind: 'create-task', body: { task_id, session_id, project_id, task_name: 'Write the checkout' } }],
  };
}

if (import.meta.main) {
  const thousand = measureTreeRebuild(1000);
  const ratio = measureTreeRebuild(8000) / thousand;
  process.stdout.write(
    `The tree of 1,000 sessions is rebuilt in ${thousand.toFixed(1)} ms (at most 30); 8,000 take ${ratio.toFixed(1)} times as long.\n`,
  );
  if (thousand > 30) process.exitCode = 1;
}
