import { AuthenticationError } from '@claude-projects/shared/client';
import { isApiKeyShaped } from '../settings/api-keys.ts';
import type { CommandDeps } from './command-deps.ts';

/** Stores the key and tries it at once, so that a mistyped one is not found out in the middle of the work. */
export async function setApiKey(deps: CommandDeps): Promise<void> {
  const { ui, localize, keys, settings, sessions } = deps;
  const key = await ui.ask({
    title: localize('Set API Key'),
    prompt: localize('It is kept in the keychain of your system, and sent only to the API.'),
    placeholder: 'xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx',
    secret: true,
    problem: (text) =>
      isApiKeyShaped(text.trim()) ? undefined : localize('An API key is a UUID, version 4: 36 characters.'),
  });
  await keys.set(key.trim());
  if (settings.current.serverMode === 'local') {
    const message = localize('The API key is stored. It is not used while the setting “server.mode” is “local”.');
    deps.notifier.notify({ severity: 'info', message, actions: [] });
    return;
  }
  try {
    await verify(deps);
  } catch (error) {
    // The notice about the connection says so, once, and offers to set another one.
    if (!(error instanceof AuthenticationError)) throw error;
    deps.log.warn('The API refused the key that was set.');
  }
  await sessions.refresh();
}

/** Fails where the API refuses the key or cannot be asked; the key stays stored. */
async function verify({ ui, localize, connection, notifier }: CommandDeps): Promise<void> {
  const summary = await ui.progress(localize('The API key is stored. Trying it…'), (_report, signal) =>
    connection.call((client, signal) => client.summarizeSessionHealth({ signal }), signal),
  );
  const where = connection.address?.baseUrl ?? '';
  const message = localize('{0} accepts the API key. Sessions there: {1}.', where, summary.total_sessions);
  notifier.notify({ severity: 'info', message, actions: [] });
}
