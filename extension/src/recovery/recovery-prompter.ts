import type { Session } from '@claude-projects/shared/client';
import type { SessionsView } from '../commands/sessions-view.ts';
import type { Agents } from '../lifecycle/agents.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { NoticeAction, Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { KeptIds } from '../platform/kept-ids.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { Dismissals } from '../sessions/dismissals.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import { promptCandidates } from './candidates.ts';
import { PromptSchedule } from './prompt-schedule.ts';

export interface RecoveryPrompterParts {
  readonly sessions: Pick<SessionsView, 'all' | 'healthOf' | 'onDidChange'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers'>;
  readonly agents: Pick<Agents, 'livenessOf'>;
  readonly settings: Pick<SettingsSource, 'current' | 'onDidChange'>;
  readonly places: Pick<WorkspacePlaces, 'current'>;
  readonly never: Pick<KeptIds, 'has' | 'add'>;
  readonly dismissals: Pick<Dismissals, 'has' | 'onDidChange'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  /** The user was asked about the session, or told of it, in another notice. */
  readonly isToldOtherwise: (session: Session) => Promise<boolean>;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
}

/** Asks whether dead sessions shall be recovered: one question a session, several in one, and never two at a time. */
export class RecoveryPrompter implements Disposable {
  readonly #parts: RecoveryPrompterParts;
  readonly #schedule: PromptSchedule;
  readonly #owned = new Disposables();
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(parts: RecoveryPrompterParts) {
    this.#parts = parts;
    this.#schedule = new PromptSchedule(parts.clock);
    this.#owned.add(parts.sessions.onDidChange(() => this.look()));
    this.#owned.add(parts.settings.onDidChange(() => this.look()));
    this.#owned.add(parts.dismissals.onDidChange(() => this.look()));
    this.look();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#owned.dispose();
  }

  /** To be called when what is tracked here has changed; sessions and settings it follows by itself. */
  look(): void {
    this.#check().catch((error: unknown) => {
      this.#parts.log.error(`Looking for sessions to recover failed: ${String(error)}`);
    });
  }

  async #check(): Promise<void> {
    const { sessions, lifecycle, settings, places, never, dismissals, isToldOtherwise, clock } = this.#parts;
    const { machineId, projectId } = await places.current();
    const scope = {
      prompting: settings.current.recoveryPrompting,
      machineId,
      projectId,
      healthOf: (session: Session) => sessions.healthOf(session),
      isTrackedHere: (id: string) => lifecycle.trackers.some(({ sessionId }) => sessionId === id),
    };
    const living = await this.#living(promptCandidates(sessions.all(), scope, clock.now()));
    if (this.#disposed) return;
    const all = sessions.all();
    const possible = promptCandidates(all, scope, clock.now()).filter(
      ({ session_id }) => !never.has(session_id) && !dismissals.has(session_id) && !living.has(session_id),
    );
    const isTold = await Promise.all(possible.map((session) => isToldOtherwise(session)));
    if (this.#disposed) return;
    const candidates = possible.filter((_, index) => !isTold[index]);
    const ids = new Set(candidates.map(({ session_id }) => session_id));
    for (const { session_id } of all) if (!ids.has(session_id)) this.#schedule.forget(session_id);
    const due = new Set(this.#schedule.due([...ids]));
    this.#ask(candidates.filter(({ session_id }) => due.has(session_id)));
    this.#wakeFor([...ids]);
  }

  /** Those that are silent only because no window tells of them: their agents live. */
  async #living(candidates: readonly Session[]): Promise<ReadonlySet<string>> {
    const silent = candidates.filter(({ status }) => status !== 'failed').map(({ session_id }) => session_id);
    const found = await Promise.all(silent.map((id) => this.#parts.agents.livenessOf(id)));
    return new Set(silent.filter((_, index) => found[index] === 'alive'));
  }

  #wakeFor(ids: readonly string[]): void {
    this.#timer?.dispose();
    const delayMs = this.#schedule.untilNextMs(ids);
    this.#timer = delayMs === undefined ? undefined : this.#parts.clock.after(delayMs, () => this.look());
  }

  #ask(due: readonly Session[]): void {
    const [first, ...others] = due;
    if (first === undefined) return;
    const { labels, notifier, run, localize } = this.#parts;
    const ids = due.map(({ session_id }) => session_id);
    const alone = others.length === 0;
    const notNow = () => this.#later(ids);
    const recover: NoticeAction = {
      label: alone ? localize('Recover') : localize('Recover…'),
      run: async () => {
        // Until it is recovered, the question was answered with "not now" if the user turns back on the way.
        this.#later(ids);
        await run('claudeProjects.recoverSession', ...(alone ? ids : []));
      },
    };
    const neverAgain: NoticeAction = {
      label: alone ? localize('Never for This One') : localize('Never for These'),
      run: () => this.#parts.never.add(ids),
    };
    this.#schedule.asked(ids);
    notifier.notify({
      severity: 'warning',
      message: alone ? questionAbout(first, labels.nameOf(first), localize) : questionAboutSeveral(due, localize),
      actions: [recover, { label: localize('Not Now'), run: notNow }, neverAgain],
      dismissed: notNow,
    });
  }

  #later(ids: readonly string[]): void {
    this.#schedule.notNow(ids);
    this.look();
  }
}

function questionAbout({ machine_id, status }: Session, name: string, localize: Localize): string {
  return status === 'failed'
    ? localize('The session of {0} on {1} failed. Recover it here?', name, machine_id)
    : localize('The session of {0} on {1} fell silent. Recover it here?', name, machine_id);
}

function questionAboutSeveral(sessions: readonly Session[], localize: Localize): string {
  const projects = [...new Set(sessions.map(({ project_id }) => project_id))];
  const named = projects.slice(0, 3).join(', ') + (projects.length > 3 ? ', …' : '');
  return localize('{0} sessions died: {1}. Recover them here?', sessions.length, named);
}
