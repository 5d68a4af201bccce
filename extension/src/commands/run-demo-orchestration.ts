import type { CommandDeps } from './command-deps.ts';

export async function runDemoOrchestration({ ui, localize, demo, sessions }: CommandDeps): Promise<void> {
  await ui.progress(localize('Demo orchestration'), demo);
  await sessions.refresh();
}
