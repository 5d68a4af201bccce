import type { CommandDeps } from './command-deps.ts';

export async function runDemoOrchestration(deps: CommandDeps): Promise<void> {
  const { ui, localize, demo, sessions, notifier, run } = deps;
  await ui.progress(localize('Demo orchestration'), demo);
  await sessions.refresh();
  notifier.notify({
    severity: 'info',
    message: localize(
      'The demo is over: a session died and was recovered, and nothing was lost. Now track your own work.',
    ),
    actions: [
      { label: localize('Connect Claude Code'), run: () => run('claudeProjects.connectClaudeCode') },
      { label: localize('Open Walkthrough'), run: () => run('claudeProjects.openWalkthrough') },
    ],
  });
}
