import type { Session } from '@claude-projects/shared/client';
import type { SessionsView } from '../commands/sessions-view.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Localize } from '../platform/localize.ts';
import { shortText } from '../platform/plain-text.ts';
import { type ClaudeSessions, knownOfLive } from '../sessions/claude-facts.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import { stateOf } from '../sessions/session-state.ts';
import type { NoticeAction, Notifier, RunCommand } from './notifier.ts';
import { RepeatGuard } from './repeat-guard.ts';

const ATTENTIONS = ['stalled', 'failed', 'stopped', 'waiting'] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** How a session was seen last. */
interface Sight {
  readonly attention: Attention | undefined;
  /** What it was last seen to ask. It asks the same as long as it has not gone on, also where it is silent meanwhile. */
  readonly question: string | undefined;
}

interface News extends Sight {
  readonly session: Session;
  readonly attention: Attention;
}

export interface SessionNoticesParts {
  readonly sessions: Pick<SessionsView, 'all' | 'healthOf' | 'onDidChange'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  readonly claude: Pick<ClaudeSessions, 'knownOf'>;
  /** When this window was opened. */
  readonly openedAt: number;
  /** Of this machine: what happens elsewhere, others are told of. */
  readonly isOwn: (session: Session) => boolean;
  /** Whether the user is asked about it anyway, as whether to recover it, or is at work on it in this window. */
  readonly isToldOtherwise: (session: Session, attention: Attention) => boolean;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
}

/** What happens within it comes in one notice. Short, because an agent does nothing while it waits for an answer. */
export const GATHER_MS = 400;
const MOST_DETAIL = 200;

/**
 * Tells when a session begins to need somebody: once for each question, and once for each other time that this is seen
 * to happen, several in one. How things stood when the window was opened is for the view to show.
 */
export class SessionNotices implements Disposable {
  readonly #parts: SessionNoticesParts;
  readonly #guard: RepeatGuard;
  readonly #owned = new Disposables();
  #seen = new Map<string, Sight>();
  readonly #gathered = new Map<string, News>();
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
      const known = before.get(session.session_id);
      const sight = sightOf(session, sessions.healthOf(session), known);
      this.#seen.set(session.session_id, sight);
      const { attention } = sight;
      if (attention !== undefined && this.#isNews(session, sight, known)) {
        this.#gather({ ...sight, attention, session });
      }
    }
  }

  #isNews(session: Session, { attention, question }: Sight, known: Sight | undefined): boolean {
    if (known === undefined) {
      const isAlive = attention === 'waiting' || attention === 'stopped';
      return isAlive && Date.parse(session.started_at) >= this.#parts.openedAt;
    }
    return attention === 'waiting' ? known.question !== question : known.attention !== attention;
  }

  #gather(news: News): void {
    const { session, attention } = news;
    const { isOwn, isToldOtherwise, clock } = this.#parts;
    if (!isOwn(session) || isToldOtherwise(session, attention)) return;
    // Each question is another one. The rest may come and go.
    if (attention !== 'waiting' && !this.#guard.mayTell(`${session.session_id} ${attention}`)) return;
    this.#gathered.set(session.session_id, news);
    this.#timer ??= clock.after(GATHER_MS, () => this.#tell());
  }

  #tell(): void {
    const { notifier, run, localize } = this.#parts;
    // What is over already needs nobody; a notice that is out cannot be taken back.
    const [first, ...others] = [...this.#gathered.values()].filter((news) => this.#isStillSo(news));
    this.#gathered.clear();
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
      message: this.#sentenceOf(first),
      actions: this.#actionsFor(session),
    });
  }

  #isStillSo({ session, attention, question }: News): boolean {
    const now = this.#seen.get(session.session_id);
    return now?.attention === attention && now.question === question;
  }

  #actionsFor(session: Session): readonly NoticeAction[] {
    const { claude, localize, run } = this.#parts;
    const action = (label: string, command: string) => ({ label, run: () => run(command, session.session_id) });
    const hasTerminal = knownOfLive(session, claude) !== undefined;
    return [
      ...(hasTerminal ? [action(localize('Show Terminal'), 'claudeProjects.showTerminal')] : []),
      action(localize('Show Session'), 'claudeProjects.showSessionDetails'),
    ];
  }

  /** What happened, not how it is: the notice may stay longer than that. */
  #sentenceOf({ session, attention }: News): string {
    const { labels, localize } = this.#parts;
    const name = labels.nameOf(session);
    const detail = session.activity_detail === null ? undefined : shortText(session.activity_detail, MOST_DETAIL);
    switch (attention) {
      case 'stalled':
        return localize('The session of {0} fell silent.', name);
      case 'failed':
        return localize('The session of {0} failed.', name);
      case 'stopped':
        return detail === undefined
          ? localize('The session of {0} stopped.', name)
          : localize('The session of {0} stopped: {1}', name, detail);
      case 'waiting':
        return detail === undefined
          ? localize('The session of {0} asked for your input.', name)
          : localize('The session of {0} asked for your input: {1}', name, detail);
      default:
        return attention satisfies never;
    }
  }
}

function sightOf(session: Session, health: Session['health'], before: Sight | undefined): Sight {
  const attention = attentionOf(session, health);
  if (attention === 'waiting') return { attention, question: session.activity_detail ?? '' };
  return { attention, question: session.activity === 'waiting_for_input' ? before?.question : undefined };
}

function attentionOf(session: Session, health: Session['health']): Attention | undefined {
  const state = stateOf(session, health);
  return ATTENTIONS.find((attention) => attention === state);
}
