import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ClaudeProjectsApi, Orchestration, Result, StartOrchestrationOptions } from '../../../api.d.ts';
import manifest from '../../../package.json' with { type: 'json' };

export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** What the extension gives to others, got the way they get it. */
export async function claudeProjects(): Promise<ClaudeProjectsApi> {
  const extension = vscode.extensions.getExtension<ClaudeProjectsApi>(extensionId);
  assert.ok(extension, `${extensionId} is not installed`);
  return extension.activate();
}

export async function startOrchestration(options: StartOrchestrationOptions): Promise<Orchestration> {
  return valueOf(await (await claudeProjects()).startOrchestration(options));
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) assert.fail(`${result.problem.code}: ${result.problem.message}`);
  return result.value;
}
