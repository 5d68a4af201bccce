import { DISMISSED } from '../tree/filter.ts';
import type { CommandDeps } from './command-deps.ts';

export async function showDismissedSessions({ run, tree }: CommandDeps): Promise<void> {
  tree.setFilter(DISMISSED);
  await run('claudeProjects.sessions.focus');
}
