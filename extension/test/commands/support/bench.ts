import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/client';
import type { OpenTerminal } from '../../../src/claude-code/terminals.ts';
import type { CommandDeps } from '../../../src/commands/command-deps.ts';
import { COMMANDS, type CommandId } from '../../../src/commands/commands.ts';
import { runCommand } from '../../../src/commands/run-command.ts';
import type { Connection } from '../../../src/connection/connection.ts';
import { inEnglish } from '../../../src/platform/localize.ts';
import { API_KEY_SECRET, StoredApiKeys } from '../../../src/settings/api-keys.ts';
import { checkSettings } from '../../../src/settings/check-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import type { OpenFolder } from '../../../src/workspace/workspace-place.ts';
import { emptySettings } from '../../settings/support/empty-settings.ts';
import { FakeSecrets } from '../../settings/support/fake-secrets.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { sampleLabels } from '../../support/sample-labels.ts';
import { FakeEndpointSource, ScriptedApi, scriptedConnection } from '../../support/scripted-api.ts';
import { FakeClaudeCode } from './fake-claude-code.ts';
import { FakeLifecycle } from './fake-lifecycle.ts';
import { FakeReview } from './fake-review.ts';
import { FakeDismissals, FakeSessions, FakeTree } from './fake-sessions.ts';
import { FakeNotifier, FakeUi } from './fake-ui.ts';

/** Everything that commands are made of, each part in the test's hand. */
export class CommandBench {
  readonly ui = new FakeUi();
  readonly notifier = new FakeNotifier();
  readonly lifecycle = new FakeLifecycle();
  readonly sessions = new FakeSessions();
  readonly tree = new FakeTree();
  readonly log = new RecordingLog();
  readonly clock = new FakeClock();
  readonly secrets = new FakeSecrets();
  readonly api = new ScriptedApi();
  readonly source = new FakeEndpointSource();
  readonly claudeCode = new FakeClaudeCode();
  readonly review = new FakeReview(this.ui);
  folders: OpenFolder[] = [{ name: 'shop', path: '/shop' }];
  activeFolder: OpenFolder | undefined;
  readonly dismissals = new FakeDismissals();
  readonly ran: unknown[][] = [];
  readonly updated: unknown[][] = [];
  readonly recovered: Session[] = [];
  readonly shown: Session[] = [];
  clipboard = '';
  /** The terminals of this window, and the commands that resume conversations, by session. */
  readonly terminals = new Map<string, OpenTerminal>();
  readonly resumeCommands = new Map<string, string>();
  restarts = 0;
  readonly deps: CommandDeps;

  constructor(connection?: Connection, settings: Partial<Settings> = {}) {
    const { api, clock, log, source, ui, notifier, lifecycle, sessions, tree } = this;
    this.deps = {
      ui,
      notifier,
      lifecycle,
      places: this,
      sessions,
      tree,
      labels: sampleLabels(undefined, lifecycle),
      dismissals: this.dismissals,
      log,
      localize: inEnglish,
      random: { uuid: () => randomUUID() },
      run: async (command, ...args) => void this.ran.push([command, ...args]),
      connection: connection ?? scriptedConnection({ api, clock, log, source }).connection,
      keys: new StoredApiKeys(this.secrets, {}, () => undefined),
      settings: {
        current: { ...checkSettings(emptySettings, inEnglish).settings, ...settings },
        update: async (name, value) => void this.updated.push([name, value]),
      },
      recovery: { recover: async (session) => void this.recovered.push(session) },
      localServer: { restart: async () => void (this.restarts += 1) },
      claudeCode: this.claudeCode,
      sessionTerminals: {
        find: async ({ session_id }) => this.terminals.get(session_id),
        resumeCommand: async ({ session_id }) => this.resumeCommands.get(session_id),
      },
      review: this.review,
      demo: async (report, signal) => {
        report('begins');
        signal.throwIfAborted();
      },
      details: { show: (session) => void this.shown.push(session) },
      clipboard: { write: async (text) => void (this.clipboard = text) },
      showLog: () => this.ran.push(['the log is shown']),
    };
  }

  get storedKey(): string | undefined {
    return this.secrets.values.get(API_KEY_SECRET);
  }

  /** Through the wrapper, as the editor runs it. */
  run(command: CommandId, args?: unknown, selected?: readonly unknown[]): Promise<void> {
    return runCommand(this.deps, command, () => COMMANDS[command](this.deps, args, selected));
  }
}
