import type { CommandDeps } from './command-deps.ts';

export async function showLog(deps: CommandDeps): Promise<void> {
  deps.showLog();
}
