import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';

export async function restartLocalServer(deps: CommandDeps): Promise<void> {
  const { ui, localize, connection, localServer, sessions } = deps;
  if (connection.address?.mode === 'remote') {
    throw new Refusal(localize('No local server is in use: the sessions are kept at {0}.', connection.address.baseUrl));
  }
  await ui.progress(localize('Restarting the local server…'), (_report, signal) => localServer.restart(signal));
  ui.note(localize('Local server restarted'));
  await sessions.refresh();
}
