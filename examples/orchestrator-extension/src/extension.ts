import * as vscode from 'vscode';
// Copy `api.d.ts` out of the extension into your own project: it needs nothing else.
import type { ClaudeProjectsApi, Orchestration } from '../../../extension/api.d.ts';
import { continueOrchestration, type Job, orchestrate } from './orchestrate.ts';

const JOBS: readonly Job[] = [
  { name: 'Read the issue', githubIssueId: '42', run: async () => {} },
  { name: 'Write the fix', run: async () => {} },
  {
    name: 'Deploy to production',
    run: async () => {
      throw new Error('Nobody approved it.');
    },
  },
];

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const extension = vscode.extensions.getExtension<ClaudeProjectsApi>('claude-projects.claude-projects');
  const claudeProjects = await extension?.activate();
  if (claudeProjects?.apiVersion !== 1) {
    void vscode.window.showWarningMessage('This needs version 1 of the API of Claude Projects.');
    return;
  }

  // What this window was at before it was reloaded, and what somebody recovers in it later, is here to be gone on with.
  // It may be here already, or come in a moment.
  const goOn = (orchestration: Orchestration) => {
    if (isOurs(orchestration)) void continueOrchestration(orchestration, JOBS);
  };
  context.subscriptions.push(claudeProjects.onDidStartOrchestration(goOn));
  claudeProjects.orchestrations.forEach(goOn);

  context.subscriptions.push(
    vscode.commands.registerCommand('orchestratorExample.run', async () => {
      const started = await claudeProjects.startOrchestration({ metadata: { agent: 'example' } });
      if (!started.ok) {
        void vscode.window.showErrorMessage(`Not started: ${started.problem.message}`);
        return undefined;
      }
      await orchestrate(started.value, JOBS);
      return started.value.sessionId;
    }),
  );
}

/** Others have theirs in this window too. One that has just begun has no tasks yet: whoever began it works on it. */
function isOurs({ tasks }: Orchestration): boolean {
  return tasks.some((task) => JOBS.some(({ name }) => name === task.name));
}
