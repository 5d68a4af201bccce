// A person's first two clicks, through commands that everybody may use. It lives in the profile of `pnpm start` only.
import { commands, type ExtensionContext } from 'vscode';

export async function activate({ globalState }: ExtensionContext): Promise<void> {
  await commands.executeCommand('claudeProjects.sessions.focus');
  const demo = process.env['CLAUDE_PROJECTS_DEMO'];
  // A window that is reloaded does not play it again.
  if (!demo || globalState.get('played') === demo) return;
  await globalState.update('played', demo);
  await commands.executeCommand('claudeProjects.runDemoOrchestration');
}
