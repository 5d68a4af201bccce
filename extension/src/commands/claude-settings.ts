import type { Direction, Plan, SettingsScope } from '../claude-code/settings-file/connector.ts';
import type { Unfit } from '../claude-code/settings-file/hooks-in-settings.ts';
import type { Localize } from '../platform/localize.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';
import { fileNameOf } from './settings-review.ts';

export function nameOf({ kind, name }: SettingsScope, localize: Localize): string {
  return kind === 'user' ? localize('All my sessions') : localize('Sessions in {0}', name);
}

/** Shows the change, asks, and makes it. False where there was nothing to change. `explanation` says what it is for. */
export async function changeClaudeSettings(
  deps: CommandDeps,
  scope: SettingsScope,
  direction: Direction,
  explanation: string,
): Promise<boolean> {
  const { claudeCode, localize } = deps;
  const plan = await claudeCode.plan(scope, direction);
  if (plan.kind === 'unfit') throw refusalOf(plan.why, scope, localize);
  if (plan.kind === 'change') await carryOut(deps, plan, direction, explanation);
  await claudeCode.settle(scope, direction);
  return plan.kind === 'change';
}

async function carryOut(
  { review, claudeCode, localize }: CommandDeps,
  plan: Extract<Plan, { kind: 'change' }>,
  direction: Direction,
  explanation: string,
): Promise<void> {
  const { path } = plan.scope;
  const { before = '', after = '' } = plan;
  const title = localize('{0}: current ↔ proposed', fileNameOf(path));
  await review.ask({ direction, path, before, after, title, explanation });
  const written = await claudeCode.write(plan);
  switch (written) {
    case 'written':
      return;
    case 'changed-meanwhile':
      throw new Refusal(localize('{0} was changed meanwhile, and left as it is. Try again.', path));
    case 'read-only':
      throw new Refusal(localize('{0} may not be written to. Make it writable, then try again.', path));
    default:
      written satisfies never;
  }
}

function refusalOf(why: Unfit, { path }: SettingsScope, localize: Localize): Refusal {
  switch (why.kind) {
    case 'invalid':
      return new Refusal(
        localize('{0} is left as it is: it is not valid JSON, see line {1}. Mend it, then try again.', path, why.line),
      );
    case 'unexpected':
      return new Refusal(
        localize(
          '{0} is left as it is: “{1}” is not what Claude Code expects there. Mend it, then try again.',
          path,
          why.where,
        ),
      );
    default:
      return why satisfies never;
  }
}
