import { access, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '@claude-projects/shared/client';
import type { Connection } from '../connection/connection.ts';
import type { Agents } from '../lifecycle/agents.ts';
import { systemFiles } from '../lifecycle/outbox/files.ts';
import { type ProcessIdentity, thisProcess } from '../lifecycle/ownership/process-identity.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { KeptState } from '../platform/kept-ids.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import { type ConversationPlace, conversationIn, placeOfConversation } from './claude-conversation.ts';
import type { ClaudeKnown } from './claude-known.ts';
import { ClaudeWatch } from './claude-watch.ts';
import { watchInbox } from './inbox-watch.ts';
import { hookPlace, type InstalledHookParts, installHook } from './installed-hook.ts';
import { MachineRestart, type MachineRestartParts } from './machine-restart.ts';
import { type LookAtProcess, startOfProcess } from './process-look.ts';
import { ResumeAfterRecovery, type ResumeAfterRecoveryParts } from './resume-after-recovery.ts';
import type { ListProcesses } from './running-processes.ts';
import { SessionTerminals } from './session-terminals.ts';
import {
  type ClaudeCodeConnector,
  type Outdated,
  SettingsConnector,
  type SettingsConnectorParts,
} from './settings-file/connector.ts';
import { Spool } from './spool.ts';
import { detectInTerminals } from './terminal-detection.ts';
import type { Terminals } from './terminals.ts';
import { readSpent } from './transcript.ts';

export interface ClaudeCodeParts {
  readonly lifecycle: Pick<
    WindowLifecycle,
    'trackers' | 'start' | 'resume' | 'resumeFollowed' | 'letGo' | 'failOrphan' | 'onDidStart'
  >;
  readonly places: Pick<WorkspacePlaces, 'current'>;
  readonly connection: Pick<Connection, 'call'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly installation: InstalledHookParts;
  /** Of this window. */
  readonly folders: SettingsConnectorParts['folders'];
  readonly claudeFolder: string;
  readonly managed: readonly string[];
  readonly state: KeptState;
  readonly terminals: Terminals;
  /** Somebody turns to this window. */
  readonly onDidFocus: Event<void>;
  readonly look: LookAtProcess;
  readonly onDidChangeKnown: (sessionId: string) => void;
  readonly processes: ListProcesses;
  readonly bootedAt: MachineRestartParts['bootedAt'];
  readonly planOf: ResumeAfterRecoveryParts['planOf'];
  readonly recoverTogether: MachineRestartParts['recoverTogether'];
  readonly random: Random;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly self?: ProcessIdentity;
}

export interface ClaudeCode extends Disposable {
  readonly connector: ClaudeCodeConnector;
  readonly sessionTerminals: SessionTerminals;
  conversationOf(session: Pick<Session, 'metadata'>): Promise<ConversationPlace>;
  /** What this window knows of a session that it follows. */
  knownOf(sessionId: string): ClaudeKnown | undefined;
  readonly agents: Agents;
  /** The user was told of the end of the session, with what to do about it. */
  hasToldOf(session: Session): Promise<boolean>;
  /** When all that is known of was taken in. */
  idle(): Promise<void>;
  /** Leaves all as it is, for the next window. To be awaited before the lifecycle is closed. */
  close(): Promise<void>;
}

/**
 * Follows Claude Code's sessions: by its hooks where they are connected, else by what terminals tell. Where nothing is
 * connected it neither reads nor writes anything.
 */
export function startClaudeCode(parts: ClaudeCodeParts): ClaudeCode {
  const { installation, state, folders, log } = parts;
  const place = hookPlace(installation);
  const spool = new Spool(systemFiles, place.root);
  const owned = new Disposables();
  const restart = owned.add(new MachineRestart({ ...parts, spool }));
  let following: Following | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work).catch((error: unknown) => log.error(`Claude Code: ${errorText(error)}`));
  };

  const follow = () =>
    inTurn(async () => {
      if (following) return;
      await installHook(installation);
      await restart.look();
      following = openFollowing(parts, spool, place.root, () => connector.isConnectedEverywhere);
      following.watch.start();
    });
  const stop = () =>
    inTurn(async () => {
      const closing = following;
      following = undefined;
      closing?.inbox.dispose();
      await closing?.watch.close();
    });

  const connector = new SettingsConnector({
    folders,
    claudeFolder: parts.claudeFolder,
    managed: parts.managed,
    platform: installation.platform,
    state,
    launcher: place.launcher,
    origins: join(place.root, 'origins.json'),
    isInstalled: () =>
      access(place.launcher).then(
        () => true,
        () => false,
      ),
    prepare: async () => void (await installHook(installation)),
    onDidConnect: (connected) => {
      if (connected) follow();
      // Those that run are still seen to end, by their processes, while this window is open.
      else if (!following?.watch.isBusy) stop();
    },
  });
  const isFollowed = (sessionId: string) => following?.watch.follows(sessionId) ?? false;
  const sessionTerminals = new SessionTerminals({ ...parts, spool });
  const resuming = owned.add(new ResumeAfterRecovery({ ...parts, spool, sessionTerminals, isFollowed }));
  owned.add(detectInTerminals({ ...parts, isConnected: () => connector.isConnectedHere }));
  owned.add(parts.onDidFocus(() => inTurn(() => connector.followOthers())));
  if (connector.remembered.length > 0) {
    follow();
    inTurn(async () => tellOfUpdates(await connector.bringUpToDate(), parts));
  }

  return {
    connector,
    sessionTerminals,
    conversationOf: (session) => placeOfConversation(session, spool),
    async hasToldOf(session) {
      const conversation = conversationIn(session);
      if (conversation === undefined) return false;
      return resuming.hasTold(session.session_id) || restart.isOffered(conversation, session.session_id);
    },
    knownOf: (sessionId) => following?.watch.knownOf(sessionId),
    agents: {
      isFollowed: (session) => following?.watch.isFollowed(session) ?? false,
      async settled() {
        await turn;
        await following?.watch.settled();
      },
      async livenessOf(sessionId) {
        await turn;
        try {
          return (await following?.watch.livenessOf(sessionId)) ?? 'unknown';
        } catch (error) {
          log.warn(`Whether session ${sessionId} lives cannot be read: ${errorText(error)}`);
          return 'unknown';
        }
      },
    },
    async idle() {
      await turn;
      await following?.watch.idle();
    },
    async close() {
      owned.dispose();
      stop();
      await turn;
      await restart.close();
    },
    dispose() {
      owned.dispose();
      following?.inbox.dispose();
      following?.watch.dispose();
    },
  };
}

/** The user agreed to hooks of an older version, and to fewer of them: nothing changes in a file of theirs silently. */
function tellOfUpdates(updates: readonly Outdated[], { log, notifier, localize, run }: ClaudeCodeParts): void {
  for (const { path, result } of updates) {
    if (result !== 'written') {
      log.warn(`The hooks of an older version in ${path} are left as they are: ${result}.`);
      continue;
    }
    log.info(`The hooks of an older version in ${path} were brought up to date.`);
    notifier.notify({
      severity: 'info',
      message: localize(
        'Claude Projects brought its hooks in {0} up to date: it now sees questions and tools as soon as they come up.',
        path,
      ),
      actions: [
        {
          label: localize('Disconnect Claude Code'),
          run: () => run('claudeProjects.disconnectClaudeCode'),
        },
      ],
    });
  }
}

interface Following {
  readonly watch: ClaudeWatch;
  readonly inbox: Disposable;
}

function openFollowing(
  parts: ClaudeCodeParts,
  spool: Spool,
  root: string,
  followsEverywhere: () => boolean,
): Following {
  const { folders, log, self = thisProcess() } = parts;
  const watch = new ClaudeWatch({
    ...parts,
    spool,
    files: systemFiles,
    self,
    followsEverywhere,
    readSpent,
    startOf: startOfProcess,
    folders: async () => {
      const paths = folders().map(({ path }) => path);
      const real = await Promise.all(paths.map((path) => realpath(path).catch(() => path)));
      return [...paths, ...real];
    },
  });
  return { watch, inbox: watchInbox(join(root, 'inbox'), () => watch.look(), log) };
}
