import { inEnglish } from '../src/platform/localize.ts';
import { buildTree, EMPTY_TREE, type Tree, type TreeInput } from '../src/tree/build-tree.ts';
import { redrawBetween } from '../src/tree/diff-trees.ts';
import { NO_FILTER } from '../src/tree/filter.ts';
import type { TreeNode } from '../src/tree/nodes.ts';
import { sampleLabels } from '../test/support/sample-labels.ts';
import { manySessions } from '../test/tree/support/many-sessions.ts';

const TURNS = 31;

/** What one rebuild of the tree costs, its comparison with the tree before included, in ms: the median. */
export function measureTreeRebuild(sessions = 1000): number {
  const nodes = new Map<string, TreeNode>();
  const intern = (node: TreeNode) => {
    const known = nodes.get(node.id) ?? node;
    nodes.set(node.id, known);
    return known;
  };
  const input: TreeInput = {
    sessions: manySessions(sessions),
    vitals: { now: Date.parse('2026-03-01T09:00:00.000Z'), stallThresholdMs: 180_000 },
    labels: sampleLabels(() => 'Write the checkout'),
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
    const next = buildTree({ ...input, vitals }, intern, inEnglish);
    redrawBetween(tree, next);
    turns.push(performance.now() - start);
    tree = next;
  }
  return turns.sort((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.NaN;
}

if (import.meta.main) {
  const thousand = measureTreeRebuild(1000);
  const ratio = measureTreeRebuild(8000) / thousand;
  process.stdout.write(
    `The tree of 1,000 sessions is rebuilt in ${thousand.toFixed(1)} ms (at most 30); 8,000 take ${ratio.toFixed(1)} times as long.\n`,
  );
  if (thousand > 30) process.exitCode = 1;
}
