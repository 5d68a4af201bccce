import type { SettingsScope } from '../claude-code/settings-file/connector.ts';
import type { Forbidden } from '../claude-code/settings-file/managed-policy.ts';
import { changeClaudeSettings, nameOf } from './claude-settings.ts';
import type { CommandDeps } from './command-deps.ts';
import type { Choice } from './ui.ts';

/** Has Claude Code report its sessions, once the user has seen what that changes in its settings. */
export async function connectClaudeCode(deps: CommandDeps): Promise<void> {
  const { ui, claudeCode, localize, notifier } = deps;
  const scope = await ui.pick(
    claudeCode.scopes.map((scope) => choiceOf(scope, deps)),
    {
      title: localize('Connect Claude Code'),
      placeholder: localize('Which sessions of Claude Code are to be tracked?'),
    },
  );
  const changed = await changeClaudeSettings(
    deps,
    scope,
    'connect',
    localize(
      'Review the change, then choose [Connect](command:claudeProjects.confirmConnection) here or in the title of the editor. Hooks report when a Claude Code session starts, works on a task, waits for you and ends. The beginning of your first prompt names the session and stays on this machine. Answers and the content of files are never reported; what hooks are given of them stays on this machine until a window has read it.',
    ),
  );
  ui.note(
    changed
      ? localize('Claude Code is connected. Sessions that start from now on are tracked.')
      : localize('Claude Code is connected already.'),
  );
  const forbidden = await claudeCode.forbidden();
  if (forbidden) notifier.notify({ severity: 'warning', message: warningOf(forbidden, deps), actions: [] });
}

function choiceOf(scope: SettingsScope, { localize }: CommandDeps): Choice<SettingsScope> {
  return {
    label: nameOf(scope, localize),
    description: scope.kind === 'user' ? localize('in every folder') : localize('for you alone'),
    detail: scope.path,
    value: scope,
  };
}

function warningOf({ by, setting }: Forbidden, { localize }: CommandDeps): string {
  return setting === 'allowManagedHooksOnly'
    ? localize('Claude Code will not report: {0} allows the hooks of your organisation only. Ask who manages it.', by)
    : localize('Claude Code will not report: hooks are turned off (disableAllHooks) in {0}.', by);
}
