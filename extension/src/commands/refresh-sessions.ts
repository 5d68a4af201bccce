import type { CommandDeps } from './command-deps.ts';

/** Reads the sessions now. Where that fails the view shows it; a message would only say it a second time. */
export async function refreshSessions({ ui, sessions }: CommandDeps): Promise<void> {
  await ui.inView(() => sessions.refresh());
}
