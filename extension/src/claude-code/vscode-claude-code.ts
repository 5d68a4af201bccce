import { homedir, uptime } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { errorText } from '../platform/error-text.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import { lookAtProcess } from './process-look.ts';
import { listProcesses } from './running-processes.ts';
import { managedSettingsOf } from './settings-file/managed-settings.ts';
import { type ClaudeCode, type ClaudeCodeParts, startClaudeCode } from './start-claude-code.ts';
import { VscodeTerminals } from './vscode-terminals.ts';

type OfTheWindow =
  | 'installation'
  | 'folders'
  | 'claudeFolder'
  | 'managed'
  | 'state'
  | 'terminals'
  | 'look'
  | 'processes'
  | 'bootedAt'
  | 'onDidFocus';

/** With what the editor and the system bring. */
export function claudeCodeInEditor(
  context: vscode.ExtensionContext,
  parts: Omit<ClaudeCodeParts, OfTheWindow> & { readonly places: Pick<WorkspacePlaces, 'folders'> },
): ClaudeCode {
  const terminals = new VscodeTerminals((error) => parts.log.error(errorText(error)));
  context.subscriptions.push(terminals);
  return startClaudeCode({
    ...parts,
    terminals,
    look: lookAtProcess,
    processes: listProcesses,
    bootedAt: () => Date.now() - uptime() * 1000,
    onDidFocus: (listener) =>
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) listener();
      }),
    state: context.globalState,
    managed: managedSettingsOf(process.platform),
    claudeFolder: process.env['CLAUDE_CONFIG_DIR'] ?? join(homedir(), '.claude'),
    folders: () => parts.places.folders,
    installation: {
      storage: context.globalStorageUri.fsPath,
      programs: context.asAbsolutePath('dist'),
      platform: process.platform,
      execPath: process.execPath,
      isElectron: process.versions['electron'] !== undefined,
      env: process.env,
    },
  });
}
