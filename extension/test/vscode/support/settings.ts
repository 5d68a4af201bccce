import * as vscode from 'vscode';

/** Changes one of the extension's settings until the result is called. */
export async function changeSetting(name: string, value: unknown): Promise<() => Promise<void>> {
  const settings = () => vscode.workspace.getConfiguration('claudeProjects');
  const before = settings().inspect(name)?.globalValue;
  const { Global } = vscode.ConfigurationTarget;
  await settings().update(name, value, Global);
  return async () => {
    await settings().update(name, before, Global);
  };
}
