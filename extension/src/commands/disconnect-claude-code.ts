import { changeClaudeSettings, nameOf } from './claude-settings.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';

/** Takes our hooks, and nothing else, out of Claude Code's settings. */
export async function disconnectClaudeCode(deps: CommandDeps): Promise<void> {
  const { ui, claudeCode, localize } = deps;
  const [first, ...others] = await claudeCode.connected();
  if (!first) {
    throw new Refusal(localize('Claude Code is not connected here.'), [
      { label: localize('Connect Claude Code'), command: 'claudeProjects.connectClaudeCode' },
    ]);
  }
  const choices = [first, ...others].map((scope) => ({
    label: nameOf(scope, localize),
    detail: scope.path,
    value: scope,
  }));
  const scope =
    others.length === 0
      ? first
      : await ui.pick(choices, {
          title: localize('Disconnect Claude Code'),
          placeholder: localize('Which settings are to be cleared of our hooks?'),
        });
  await changeClaudeSettings(
    deps,
    scope,
    'disconnect',
    localize(
      'Review the change, then choose [Disconnect](command:claudeProjects.confirmDisconnection) here or in the title of the editor. This removes only the hooks of Claude Projects. Claude Code then reports nothing to this extension.',
    ),
  );
  ui.note(localize('Claude Code is disconnected.'));
}
