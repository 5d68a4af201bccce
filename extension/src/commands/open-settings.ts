import type { CommandDeps } from './command-deps.ts';

export async function openSettings({ run }: CommandDeps): Promise<void> {
  await run('workbench.action.openSettings', '@ext:claude-projects.claude-projects');
}
