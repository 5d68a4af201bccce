import type { Session } from '@claude-projects/shared/client';
import type { SessionTerminals } from '../claude-code/session-terminals.ts';
import type { ClaudeCodeConnector } from '../claude-code/settings-file/connector.ts';
import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Dismissals } from '../sessions/dismissals.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { ApiKeys } from '../settings/api-keys.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import type { SessionsTree, SessionsView } from './sessions-view.ts';
import type { SettingsReview } from './settings-review.ts';
import type { ProgressWork, Ui } from './ui.ts';

/** All that commands are made of; each takes what it needs. */
export interface CommandDeps {
  readonly ui: Ui;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
  readonly random: Pick<Random, 'uuid'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'start'>;
  readonly places: Pick<WorkspacePlaces, 'folders' | 'activeFolder'>;
  readonly connection: Connection;
  readonly sessions: SessionsView;
  readonly labels: Pick<SessionLabels, 'labelOf' | 'nameOf'>;
  readonly dismissals: Pick<Dismissals, 'has' | 'dismiss' | 'restore' | 'older'>;
  readonly tree: SessionsTree;
  readonly keys: ApiKeys;
  readonly settings: Pick<SettingsSource, 'current' | 'update'>;
  /** From the choice of a session to its successor in this window. */
  readonly recovery: { recover(session: Session): Promise<void> };
  readonly localServer: { restart(signal: AbortSignal): Promise<unknown> };
  readonly demo: ProgressWork<void>;
  readonly claudeCode: ClaudeCodeConnector;
  readonly sessionTerminals: Pick<SessionTerminals, 'find' | 'resumeCommand'>;
  readonly review: SettingsReview;
  /** Opens the page of a session. */
  readonly details: { show(session: Session): void };
  readonly clipboard: { write(text: string): Promise<void> };
  showLog(): void;
}

/** `selected`: in the tree several rows may be selected; the one that was clicked is among them. */
export type Command = (deps: CommandDeps, args: unknown, selected?: readonly unknown[]) => Promise<void>;
