import { basename } from 'node:path';
import type { RecoveryState } from '@claude-projects/shared/client';
import type { LookAtProcess } from '../../../src/claude-code/process-look.ts';
import { lookAtProcess } from '../../../src/claude-code/process-look.ts';
import type { ListProcesses } from '../../../src/claude-code/running-processes.ts';
import { type ClaudeCode, startClaudeCode } from '../../../src/claude-code/start-claude-code.ts';
import type { ShellCommand, TerminalRequest } from '../../../src/claude-code/terminals.ts';
import { ApiConnection, clientsThat } from '../../../src/connection/api-connection.ts';
import { JournalsOnDisk } from '../../../src/lifecycle/journals-on-disk.ts';
import { WindowLifecycle } from '../../../src/lifecycle/window-lifecycle.ts';
import { Emitter } from '../../../src/platform/emitter.ts';
import { inEnglish } from '../../../src/platform/localize.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { Recovery } from '../../../src/recovery/recovery.ts';
import { readText, realPath } from '../../../src/workspace/disk.ts';
import { folderPlace } from '../../../src/workspace/folder-place.ts';
import type { WorkspacePlaces } from '../../../src/workspace/workspace-place.ts';
import { FakeNotifier, FakeUi } from '../../commands/support/fake-ui.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { sampleLabels } from '../../support/sample-labels.ts';
import { FakeEndpointSource } from '../../support/scripted-api.ts';

export interface WindowOptions {
  readonly clock: FakeClock;
  /** The extension's global storage, which all windows share. */
  readonly storage: string;
  /** A folder with the hook programs. */
  readonly hook: string;
  readonly home: string;
  readonly folder: string;
  readonly api: { readonly baseUrl: string; readonly apiKey: string };
  /** Where the API counts as being: on this machine, or elsewhere. */
  readonly mode?: 'local' | 'remote';
  /** What the editor keeps for all windows. */
  readonly state: Map<string, unknown>;
  readonly look?: LookAtProcess;
  readonly processes?: ListProcesses;
  /** When the machine started. */
  readonly bootedAt?: () => number;
  readonly workspaceId?: string;
  readonly furtherFolders?: readonly string[];
}

/** All of the extension that Claude Code's sessions pass through, over a real disk, real processes and a real API. */
export class OpenWindow {
  readonly log = new RecordingLog();
  readonly notifier = new FakeNotifier();
  /** What every session is said to work on. */
  currentTaskName: string | undefined;
  readonly ran: TerminalRequest[] = [];
  runs: (request: TerminalRequest) => Promise<number | undefined> = async () => undefined;
  /** Whether shells tell that a command runs. */
  isUnderWay = false;
  /** What the person agreed to before a recovery. */
  readonly plans = new Map<string, RecoveryState>();
  readonly recovery: Recovery;
  readonly ui = new FakeUi();
  readonly commands: Emitter<ShellCommand>;
  /** Commands of the editor. */
  readonly called: unknown[][] = [];
  readonly focused = new Emitter<void>((error) => this.log.error(String(error)));
  readonly lifecycle: WindowLifecycle;
  readonly places: Pick<WorkspacePlaces, 'current' | 'at'>;
  readonly claudeCode: ClaudeCode;
  readonly #journals: JournalsOnDisk;
  readonly connection: ApiConnection;

  constructor({
    clock,
    storage,
    hook,
    home,
    folder,
    api,
    state,
    look,
    processes = async () => [],
    bootedAt = () => 0,
    workspaceId,
    furtherFolders = [],
    mode = 'remote',
  }: WindowOptions) {
    const { log, notifier } = this;
    const random = systemRandom;
    const source = new FakeEndpointSource();
    const { baseUrl, apiKey } = api;
    source.endpoint = { kind: 'ready', address: { mode, baseUrl }, apiKey, instance: 'only' };
    const connection = new ApiConnection({
      source,
      clock,
      log,
      makeClient: clientsThat(
        () => undefined,
        (line) => log.warn(line),
      ),
    });
    // Each window is a process of its own; only this one process is here, and it lives.
    const self = { pid: process.pid, host: 'here', isAlive: () => true };
    const journals = new JournalsOnDisk({ root: storage, connection, clock, random, log, self });
    const folders = [folder, ...furtherFolders].map((path) => ({ name: basename(path), path }));
    const window = { folders, projectId: 'acme/shop', dockerSlot: undefined, read: readText, realPath };
    const places = {
      current: async () => ({
        workspaceId: workspaceId ?? folder,
        projectId: 'acme/shop',
        machineId: 'laptop',
        hostname: 'laptop.local',
      }),
      at: (path?: string) => folderPlace(window, path),
    };
    const settings = { current: { dockerSlot: undefined, heartbeatIntervalSeconds: 60 } };
    const sessions = { vitals: { stallThresholdMs: 180_000 } };
    const lifecycle = new WindowLifecycle({
      sessions,
      places,
      settings,
      journals,
      connection,
      clock,
      random,
      log,
      agents: {
        isFollowed: (session) => this.claudeCode.agents.isFollowed(session),
        settled: () => this.claudeCode.agents.settled(),
        livenessOf: (sessionId) => this.claudeCode.agents.livenessOf(sessionId),
      },
    });
    this.commands = new Emitter<ShellCommand>((error) => log.error(String(error)));
    this.lifecycle = lifecycle;
    this.places = places;
    this.#journals = journals;
    this.connection = connection;
    this.recovery = new Recovery({
      ui: this.ui,
      notifier,
      lifecycle,
      sessions: { learn: () => undefined },
      tree: { reveal: async () => undefined },
      labels: sampleLabels(),
      clock,
      log,
      connection,
      claude: { conversationOf: (session) => this.claudeCode.conversationOf(session) },
      localize: inEnglish,
      random,
      run: async () => undefined,
      places,
    });
    this.claudeCode = startClaudeCode({
      lifecycle,
      places,
      connection,
      labels: sampleLabels(() => this.currentTaskName),
      clock,
      random,
      log,
      notifier,
      run: async (...call) => void this.called.push(call),
      planOf: (sessionId) => this.plans.get(sessionId) ?? this.recovery.planOf(sessionId),
      recoverTogether: (sessionIds) => this.recovery.recoverTogether(sessionIds),
      processes,
      bootedAt,
      localize: inEnglish,
      look: look ?? lookAtProcess,
      onDidChangeKnown: () => undefined,
      onDidFocus: this.focused.event,
      self,
      claudeFolder: home,
      managed: [],
      folders: () => folders,
      state: { get: (name) => state.get(name), update: async (name, value) => void state.set(name, value) },
      terminals: {
        onDidStartCommand: this.commands.event,
        all: [],
        shell: '/bin/bash',
        run: (request) => {
          this.ran.push(request);
          const { isUnderWay } = this;
          const terminal = { processId: Promise.resolve(undefined), isOpen: true, show: () => undefined };
          return { terminal, isUnderWay, ended: this.runs(request) };
        },
      },
      installation: {
        storage,
        programs: hook,
        platform: process.platform,
        execPath: process.execPath,
        isElectron: false,
        env: process.env,
      },
    });
  }

  /** As the command does, with everything confirmed. */
  async connect(kind: 'workspace' | 'user' = 'workspace'): Promise<void> {
    const { connector } = this.claudeCode;
    const scope = connector.scopes.find((scope) => scope.kind === kind);
    const plan = scope && (await connector.plan(scope, 'connect'));
    if (!scope || plan?.kind !== 'change') throw new Error('there is nothing to connect');
    if ((await connector.write(plan)) !== 'written') throw new Error('it was not written');
    await connector.settle(scope, 'connect');
    await this.claudeCode.idle();
  }

  /** In good order, as when the editor is quit or the window is reloaded. */
  async close(): Promise<void> {
    await this.claudeCode.close();
    await this.lifecycle.close();
    this.#journals.dispose();
    this.connection.dispose();
  }
}
