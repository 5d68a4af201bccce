import type { CommandDeps } from './command-deps.ts';

export async function loadMoreSessions({ ui, tree }: CommandDeps): Promise<void> {
  await ui.inView(() => tree.loadMore());
}
