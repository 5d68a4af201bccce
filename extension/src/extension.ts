import { join } from 'node:path';
import type { Session } from '@claude-projects/shared/client';
import * as vscode from 'vscode';
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import type { ClaudeProjectsApi } from '../api.d.ts';
import { claudeCodeInEditor } from './claude-code/vscode-claude-code.ts';
import { CommandContext } from './commands/command-context.ts';
import { registerCommands } from './commands/register-commands.ts';
import { VscodeSettingsReview } from './commands/vscode-settings-review.ts';
import { vscodeUi } from './commands/vscode-ui.ts';
import { ApiConnection, clientsThat } from './connection/api-connection.ts';
import { ChosenEndpoint } from './connection/chosen-endpoint.ts';
import { runDemo } from './demo/run-demo.ts';
import type { Agents } from './lifecycle/agents.ts';
import { JournalsOnDisk } from './lifecycle/journals-on-disk.ts';
import { WindowLifecycle } from './lifecycle/window-lifecycle.ts';
import { createLocalServer } from './local-server/create-local-server.ts';
import { ConnectionNotices } from './notifications/connection-notices.ts';
import { EditorNotifier } from './notifications/editor-notifier.ts';
import type { RunCommand } from './notifications/notifier.ts';
import { TrackerNotices } from './notifications/tracker-notices.ts';
import { watchSessions } from './notifications/watch-sessions.ts';
import { createClaudeProjectsApi } from './orchestration/claude-projects-api.ts';
import { systemClock as clock } from './platform/clock.ts';
import { Disposables } from './platform/disposable.ts';
import { Emitter } from './platform/emitter.ts';
import { errorText } from './platform/error-text.ts';
import { KeptIds } from './platform/kept-ids.ts';
import type { Localize } from './platform/localize.ts';
import { systemRandom as random } from './platform/random.ts';
import { Recovery } from './recovery/recovery.ts';
import { SessionPages } from './session-page/session-pages.ts';
import { VscodeSessionPanels } from './session-page/vscode-session-panels.ts';
import type { ClaudeSessions } from './sessions/claude-facts.ts';
import { Dismissals } from './sessions/dismissals.ts';
import { NeedsYou } from './sessions/needs-you.ts';
import { SessionLabels } from './sessions/session-labels.ts';
import { SessionPoller } from './sessions/session-poller.ts';
import { SessionStore } from './sessions/session-store.ts';
import { WindowSessions } from './sessions/window-sessions.ts';
import { StoredApiKeys } from './settings/api-keys.ts';
import { ProblemNotices } from './settings/problem-notices.ts';
import { VscodeSettings } from './settings/vscode-settings.ts';
import { StatusBarModel } from './status-bar/status-bar-model.ts';
import { VscodeStatusBar } from './status-bar/vscode-status-bar.ts';
import { SessionsTreeModel } from './tree/sessions-tree-model.ts';
import { VscodeSessionsTree } from './tree/vscode-sessions-tree.ts';
import { VscodeWorkspace } from './workspace/vscode-workspace.ts';

const Manifest = z.object({ version: z.string() });

let closing: (() => Promise<void>) | undefined;

/** Builds the parts and registers what must be disposed of; nothing is read, written or sent before it is needed. */
export function activate(context: vscode.ExtensionContext): ClaudeProjectsApi {
  const startedAt = performance.now();
  z.config(en());
  const owned = new Disposables();
  context.subscriptions.push(owned);
  const log = owned.add(vscode.window.createOutputChannel('Claude Projects', { log: true }));
  const onFault = (error: unknown) => log.error(errorText(error));
  const localize: Localize = (message, ...args) => vscode.l10n.t(message, ...args);
  const run: RunCommand = async (command, ...args) => {
    await vscode.commands.executeCommand(command, ...args);
  };
  const storage = context.globalStorageUri.fsPath;
  const { version } = Manifest.parse(context.extension.packageJSON);

  const settings = owned.add(new VscodeSettings(localize, onFault));
  const keys = owned.add(new StoredApiKeys(context.secrets, process.env, onFault));
  const { showInformationMessage: info, showWarningMessage: warning, showErrorMessage: error } = vscode.window;
  const notifier = new EditorNotifier({ info, warning, error }, onFault);
  const places = owned.add(new VscodeWorkspace(settings, context.globalState, onFault));
  const localServer = owned.add(
    createLocalServer({
      script: context.asAbsolutePath(join('dist', 'server.mjs')),
      version,
      folder: join(storage, 'server'),
      log,
    }),
  );
  const source = owned.add(new ChosenEndpoint({ settings, keys, localServer, onFault }));
  const trace = (line: string) => {
    if (settings.current.trace) log.info(line);
  };
  const makeClient = clientsThat(trace, (line) => log.warn(line));
  const connection = owned.add(new ApiConnection({ source, clock, log, makeClient }));
  const journals = owned.add(new JournalsOnDisk({ root: storage, connection, clock, random, log }));
  // Claude Code is looked at through parts that are built first.
  const agents: Agents = {
    isFollowed: (session) => claudeCode.agents.isFollowed(session),
    settled: () => claudeCode.agents.settled(),
    livenessOf: (sessionId) => claudeCode.agents.livenessOf(sessionId),
  };
  const store = owned.add(new SessionStore({ connection, clock, log }));
  const lifecycle = owned.add(
    new WindowLifecycle({ sessions: store, places, settings, journals, connection, agents, clock, random, log }),
  );
  const sessions = owned.add(new WindowSessions({ store, lifecycle, log }));
  closing = () => claudeCode.close().then(() => lifecycle.close());

  const poller = owned.add(new SessionPoller({ store, connection, lifecycle, settings, clock, random }));
  const labels = new SessionLabels({ store: sessions, lifecycle });
  const kept = new KeptIds(context.globalState, 'claudeProjects.dismissed', 2000, onFault);
  const dismissals = owned.add(new Dismissals({ store: sessions, kept, onFault }));
  const needsYou = owned.add(new NeedsYou({ store: sessions, places, dismissals, onFault }));
  const knownChanged = owned.add(new Emitter<string>(onFault));
  const claudeSessions: ClaudeSessions = {
    knownOf: (sessionId) => claudeCode.knownOf(sessionId),
    onDidChange: knownChanged.event,
  };
  const model = owned.add(
    new SessionsTreeModel({
      store: sessions,
      labels,
      claude: claudeSessions,
      needsYou,
      dismissals,
      connection,
      lifecycle,
      settings,
      clock,
      localize,
      log,
    }),
  );
  const setContext = (key: string, value: unknown) => vscode.commands.executeCommand('setContext', key, value);
  const tree = owned.add(new VscodeSessionsTree({ model, poller, store: sessions, log, setContext }));
  owned.add(new CommandContext({ sessions, lifecycle, keys, model, setContext, log }));
  const status = owned.add(new StatusBarModel({ lifecycle, connection, needsYou, labels, localize, log }));
  owned.add(new VscodeStatusBar(status));

  owned.add(new ProblemNotices({ settings, notifier, run, localize, log }));
  owned.add(new ConnectionNotices({ connection, keys, settings, notifier, run, localize, log }));
  owned.add(new TrackerNotices({ lifecycle, notifier, run, localize, log }));
  const never = new KeptIds(context.globalState, 'claudeProjects.neverRecover', 500, onFault);
  const isToldOtherwise = (session: Session) => claudeCode.hasToldOf(session);
  const told = {
    settings,
    lifecycle,
    agents,
    labels,
    places,
    never,
    dismissals,
    isToldOtherwise,
    clock,
    notifier,
    run,
    localize,
    log,
  };
  owned.add(watchSessions({ ...told, sessions, claude: claudeSessions }));

  const recovery = new Recovery({
    ui: vscodeUi,
    sessions,
    labels,
    notifier,
    run,
    localize,
    log,
    clock,
    random,
    connection,
    lifecycle,
    tree,
    places,
    claude: { conversationOf: (session) => claudeCode.conversationOf(session) },
  });
  const claude = {
    lifecycle,
    places,
    connection,
    labels,
    planOf: (sessionId: string) => recovery.planOf(sessionId),
    recoverTogether: (sessionIds: readonly string[]) => recovery.recoverTogether(sessionIds),
    clock,
    random,
    log,
    notifier,
    run,
    localize,
    onDidChangeKnown: (sessionId: string) => knownChanged.fire(sessionId),
  };
  const claudeCode = owned.add(claudeCodeInEditor(context, claude));
  const review = owned.add(new VscodeSettingsReview(setContext));
  const { language } = vscode.env;
  const onDidShow = (isAnyVisible: boolean) => poller.setVisible(isAnyVisible, 'pages');
  const pages = owned.add(
    new SessionPages({
      store: sessions,
      labels,
      claude: claudeSessions,
      connection,
      lifecycle,
      clock,
      run,
      localize,
      locale: language,
      log,
      onDidShow,
    }),
  );
  const details = owned.add(new VscodeSessionPanels({ pages, root: context.extensionUri, random, log }));
  const refresh = () => store.refresh();
  const reveal = (sessionId: string) => tree.reveal(sessionId, { expand: true });
  const deps = {
    ui: vscodeUi,
    sessions,
    labels,
    dismissals,
    notifier,
    run,
    localize,
    log,
    random,
    lifecycle,
    places,
    connection,
    tree,
    keys,
    settings,
    recovery,
    localServer,
    claudeCode: claudeCode.connector,
    sessionTerminals: claudeCode.sessionTerminals,
    review,
    details,
    demo: (report: (step: string) => void, signal: AbortSignal) =>
      runDemo({ lifecycle, connection, clock, random, localize, refresh, reveal }, report, signal),
    clipboard: { write: async (text: string) => vscode.env.clipboard.writeText(text) },
    showLog: () => log.show(),
  };
  owned.add(
    registerCommands(
      () => deps,
      (id, handler) => vscode.commands.registerCommand(id, handler),
    ),
  );

  void lifecycle.resumeIfAny();
  owned.add(lifecycle.deliverForOthersWhenOnline());
  const { api, ...made } = createClaudeProjectsApi(lifecycle, log);
  owned.add(made);
  log.info(`Version ${version}, activated in ${Math.ceil(performance.now() - startedAt)} ms.`);
  return api;
}

/** The editor waits for it: what is tracked is put down in good order for the next window of this workspace. */
export async function deactivate(): Promise<void> {
  await closing?.();
}
