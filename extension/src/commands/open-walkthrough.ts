import type { CommandDeps } from './command-deps.ts';

export async function openWalkthrough({ run }: CommandDeps): Promise<void> {
  await run('workbench.action.openWalkthrough', 'claude-projects.claude-projects#start', false);
}
