import type {
  ClaudeCodeConnector,
  Direction,
  Plan,
  SettingsScope,
} from '../../../src/claude-code/settings-file/connector.ts';
import type { Forbidden } from '../../../src/claude-code/settings-file/managed-policy.ts';
import type { Written } from '../../../src/claude-code/settings-file/settings-file.ts';

/** Claude Code's settings, of which a test says what is in them. */
export class FakeClaudeCode implements ClaudeCodeConnector {
  scopes: readonly SettingsScope[] = [
    { kind: 'workspace', name: 'shop', path: '/shop/.claude/settings.local.json' },
    { kind: 'user', name: '', path: '/home/ada/.claude/settings.json' },
  ];
  inConnected: readonly SettingsScope[] = [];
  unfit: Extract<Plan, { kind: 'unfit' }> | undefined;
  asItIs = false;
  outcome: Written = 'written';
  forbids: Forbidden | undefined;
  readonly did: string[] = [];

  async connected(): Promise<readonly SettingsScope[]> {
    return this.inConnected;
  }

  async plan(scope: SettingsScope, direction: Direction): Promise<Plan> {
    if (this.unfit) return this.unfit;
    return this.asItIs ? { kind: 'as-it-is' } : { kind: 'change', scope, before: '{}', after: direction };
  }

  async write({ scope }: Extract<Plan, { kind: 'change' }>): Promise<Written> {
    this.did.push(`writes ${scope.path}`);
    return this.outcome;
  }

  async settle({ path }: SettingsScope, direction: Direction): Promise<void> {
    this.did.push(`${direction}s ${path}`);
  }

  async forbidden(): Promise<Forbidden | undefined> {
    return this.forbids;
  }
}
