import { API_KEY_VARIABLE } from '../settings/api-keys.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';

export async function clearApiKey({ ui, localize, keys, sessions }: CommandDeps): Promise<void> {
  const origin = await keys.origin();
  if (origin === undefined) throw new Refusal(localize('No API key is stored.'));
  if (origin === 'environment') {
    throw new Refusal(
      localize(
        'The API key comes from the environment variable {0}. Unset it and restart the editor.',
        API_KEY_VARIABLE,
      ),
    );
  }
  await ui.confirm({
    message: localize('Forget the API key?'),
    detail: localize('It cannot be read back from here. Sessions of the remote API are out of reach without it.'),
    action: localize('Forget'),
  });
  await keys.clear();
  ui.note(localize('API key forgotten'));
  await sessions.refresh();
}
