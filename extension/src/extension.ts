import * as vscode from 'vscode';

/** Builds the parts and registers what must be disposed; the logic is elsewhere. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Claude Projects', { log: true });
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand('claudeProjects.showLog', () => log.show()),
  );
}
