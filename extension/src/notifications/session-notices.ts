import type { Session } from '@claude-projects/shared/client';
import type { SessionsView } from '../commands/sessions-view.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Localize } from '../platform/localize.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { Notifier, RunCommand } from './notifier.ts';
import { RepeatGuard } from './repeat-guard.ts';

export type Attention = 'stalled' | 'failed' | 'waiting';

interface Transition {
  readonly session: Session;
  readonly attention: Attention;
}

export interface SessionNoticesParts {
  readonly sessions: Pick<SessionsView, 'all' | 'healthOf' | 'onDidChange'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  /** Of this machine: what happens elsewhere, others are told of. */
  readonly isOwn: (session: Session) => boolean;
  /** Whether the user is asked about it anyway, as whether to recover it, or is at work on it in this window. */
  readonly isToldOtherwise: (session: Session, attention: Attention) => boolean;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
}

/** What happens within it comes in one notice. */
export const GATHER_MS = 2000;

/**
 * Tells when a session begins to need somebody: once for each time that this is seen to happen, several in one. How
 * things stand when a session is first seen is for the view to show.
 */
export class SessionNotices implements Disposable {
  readonly #parts: SessionNoticesParts;
  readonly #guard: RepeatGuard;
  readonly #owned = new Disposables();
  #seen = new Map<string, Attention | undefined>();
  #gathered: Transition[] = [];
  #timer: Disposable | undefined;

  constructor(parts: SessionNoticesParts) {
    this.#parts = parts;
    this.#guard = new RepeatGuard(parts.clock);
    this.#owned.add(parts.sessions.onDidChange(() => this.#look()));
    this.#look();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#owned.dispose();
  }

  #look(): void {
    const before = this.#seen;
    this.#seen = new Map();
    const { sessions } = this.#parts;
    for (const session of sessions.all()) {
      const { session_id } = session;
      const attention = attentionOf(session, sessions.healthOf(session));
      this.#seen.set(session_id, attention);
      const isNews = before.has(session_id) && before.get(session_id) !== attention;
      if (isNews && attention !== undefined) this.#gather({ session, attention });
    }
  }

  #gather(transition: Transition): void {
    const { session, attention } = transition;
    const { isOwn, isToldOtherwise, clock } = this.#parts;
    if (!isOwn(session) || isToldOtherwise(session, attention)) return;
    if (!this.#guard.mayTell(`${session.session_id} ${attention}`)) return;
    this.#gathered.push(transition);
    this.#timer ??= clock.after(GATHER_MS, () => this.#tell());
  }

  #tell(): void {
    const { labels, notifier, run, localize } = this.#parts;
    // What is over already needs nobody; a notice that is out cannot be taken back.
    const [first, ...others] = this.#gathered.filter(
      ({ session, attention }) => this.#seen.get(session.session_id) === attention,
    );
    this.#gathered = [];
    this.#timer = undefined;
    if (first === undefined) return;
    if (others.length > 0) {
      notifier.notify({
        severity: 'warning',
        message: localize('{0} sessions need attention.', others.length + 1),
        actions: [{ label: localize('Show Sessions'), run: () => run('claudeProjects.sessions.focus') }],
      });
      return;
    }
    const { session, attention } = first;
    notifier.notify({
      severity: attention === 'waiting' ? 'info' : 'warning',
      message: sentenceOf(session, labels.nameOf(session), attention, localize),
      actions: [
        {
          label: localize('Show Session'),
          run: () => run('claudeProjects.showSessionDetails', session.session_id),
        },
      ],
    });
  }
}

function attentionOf(session: Session, health: Session['health']): Attention | undefined {
  const { status, recovered_by, archived_at } = session;
  if (recovered_by !== null || archived_at !== null) return undefined;
  if (status === 'failed') return 'failed';
  if (health === 'stalled') return 'stalled';
  return health === 'waiting' ? 'waiting' : undefined;
}

/** What happened, not how it is: the notice may stay longer than that. */
function sentenceOf({ activity_detail }: Session, name: string, attention: Attention, localize: Localize): string {
  switch (attention) {
    case 'stalled':
      return localize('The session of {0} fell silent.', name);
    case 'failed':
      return localize('The session of {0} failed.', name);
    case 'waiting':
      return activity_detail === null
        ? localize('The session of {0} asked for your input.', name)
        : localize('The session of {0} asked for your input: {1}', name, activity_detail);
    default:
      return attention satisfies never;
  }
}
