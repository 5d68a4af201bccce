import type { CommandDeps } from './command-deps.ts';

export async function clearFilter({ tree }: CommandDeps): Promise<void> {
  tree.setFilter('');
}
