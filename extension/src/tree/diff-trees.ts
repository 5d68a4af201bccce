import { isDeepStrictEqual } from 'node:util';
import type { Tree } from './build-tree.ts';
import type { TreeNode } from './nodes.ts';

/** `all`: the roots are others. Else what must be drawn anew, a group with all that is in it. */
export type Redraw = 'all' | readonly TreeNode[];

export function redrawBetween(before: Tree, after: Tree): Redraw {
  if (!sameNodes(before.roots, after.roots)) return 'all';
  return after.roots.flatMap((root) => {
    const members = after.children.get(root.id) ?? [];
    if (!sameRow(before, after, root) || !sameNodes(before.children.get(root.id) ?? [], members)) return [root];
    return members.filter((member) => !sameRow(before, after, member));
  });
}

function sameRow(before: Tree, after: Tree, { id }: TreeNode): boolean {
  return isDeepStrictEqual(before.rows.get(id), after.rows.get(id));
}

function sameNodes(before: readonly TreeNode[], after: readonly TreeNode[]): boolean {
  return before.length === after.length && before.every((node, index) => node === after[index]);
}
