import type { Session, Task } from '@claude-projects/shared/client';
import { shownSlot } from '@claude-projects/shared/contract';
import type { ClaudeKnown } from '../claude-code/claude-known.ts';
import { durationText } from '../platform/ages.ts';
import { plainText } from '../platform/plain-text.ts';
import { isRecoverable } from '../recovery/candidates.ts';
import { claudeFacts } from '../sessions/claude-facts.ts';
import { healthAt, isLive, type Vitals } from '../sessions/health.ts';
import { nameOfState, type SessionState, stateOf } from '../sessions/session-state.ts';
import { type Html, html, joined, NOTHING } from './html.ts';
import { icon, toneOfState } from './page-icons.ts';
import { metadataList } from './page-metadata.ts';
import { tasksSection } from './page-tasks.ts';
import { type Reader, timeOnly, timeWithAge } from './page-times.ts';

/** All that a page shows of a session. */
export interface SessionFacts {
  readonly session: Session;
  /** What it is about. */
  readonly label: string;
  /** Undefined until they were read. */
  readonly tasks: readonly Task[] | undefined;
  /** There may be more than were read. */
  readonly totalTasks: number;
  readonly currentTaskName: string | undefined;
  readonly stallThresholdMs: number;
  /** Whether this window tracks it. */
  readonly isOwn: boolean;
  /** Of a live session of Claude Code on this machine. */
  readonly claude: ClaudeKnown | undefined;
  /** What another session is about, if this window knows that session. */
  readonly labelOf: (sessionId: string) => string | undefined;
  /** Why the page may not be up to date. */
  readonly problem: string | undefined;
}

/** The parts of a page that are redrawn separately, in order. */
export const SECTIONS = ['head', 'status', 'actions', 'tasks', 'facts', 'lineage', 'metadata'] as const;
export type Sections = Readonly<Record<(typeof SECTIONS)[number], string>>;

export interface SessionPage {
  readonly title: string;
  readonly sections: Sections;
}

/** What a page may ask for; each is a command of the extension that takes the id of a session. */
export const PAGE_COMMANDS = [
  'claudeProjects.recoverSession',
  'claudeProjects.showTerminal',
  'claudeProjects.startTask',
  'claudeProjects.completeSession',
  'claudeProjects.markSessionFailed',
  'claudeProjects.archiveSession',
  'claudeProjects.copySessionId',
  'claudeProjects.showSessionDetails',
] as const;
type PageCommand = (typeof PAGE_COMMANDS)[number];

export function sessionPage(facts: SessionFacts, reader: Reader): SessionPage {
  const { session } = facts;
  const vitals = { now: reader.now, stallThresholdMs: facts.stallThresholdMs };
  const state = stateOf(session, healthAt(session, vitals));
  const title = plainText(facts.label);
  return {
    title,
    sections: {
      head: String(headSection(facts, title, reader)),
      status: String(statusSection(facts, state, reader)),
      actions: String(actionsSection(facts, state, vitals, reader)),
      tasks: String(tasksSection(facts, reader)),
      facts: String(factsSection(facts, state, reader)),
      lineage: String(lineageSection(facts, reader)),
      metadata: String(metadataSection(session, reader)),
    },
  };
}

function headSection({ session, isOwn }: SessionFacts, title: string, { localize }: Reader): Html {
  const own = isOwn ? [localize('tracked by this window')] : [];
  const where = [session.project_id, session.machine_id, ...own].filter((text) => text !== title);
  return html`<h1>${title}</h1><p class="quiet">${where.join(' · ')}</p>`;
}

function statusSection(facts: SessionFacts, state: SessionState, reader: Reader): Html {
  const { session, problem, claude } = facts;
  const { localize } = reader;
  const name = nameOfState(state, localize);
  const tone = toneOfState(state);
  const question =
    state === 'waiting' && session.activity_detail !== null
      ? note('warning', localize('Asks'), session.activity_detail)
      : NOTHING;
  const stop =
    state === 'stopped' && session.activity_detail !== null
      ? note('warning', localize('Reason'), session.activity_detail)
      : NOTHING;
  const error = session.error_message === null ? NOTHING : note('bad', localize('Reason'), session.error_message);
  const double = claude?.isDouble
    ? note(
        'warning',
        localize('Another process works on the same conversation'),
        localize('Both write to it, so that each misses what the other does. Close one of them.'),
      )
    : NOTHING;
  const stale = problem === undefined ? NOTHING : note('warning', localize('Not up to date'), problem);
  return html`<p class="state ${tone}">${icon(tone)}<strong>${name.charAt(0).toUpperCase() + name.slice(1)}</strong> <span>${sinceWhen(facts, state, reader)}</span></p>${stale}${question}${stop}${error}${double}`;
}

/** Since when the session is in its state, and how long it ran. */
function sinceWhen({ session, stallThresholdMs }: SessionFacts, state: SessionState, reader: Reader): Html {
  const { now, localize } = reader;
  const ran = (end: string) =>
    localize('ran for {0}', durationText(Date.parse(end) - Date.parse(session.started_at), localize));
  const running = durationText(now - Date.parse(session.started_at), localize);
  switch (state) {
    case 'working':
      return html`${localize('for')} ${running} <span class="quiet">· ${localize('since')} ${timeOnly(session.started_at, reader)}</span>`;
    case 'idle':
    case 'stopped':
      return html`<span class="quiet">${localize('started')} ${timeWithAge(session.started_at, reader)}</span>`;
    case 'waiting':
    case 'paused':
      return html`<span class="quiet">${localize('last progress')} ${timeWithAge(session.last_progress_at, reader)}</span>`;
    case 'late':
    case 'unknown':
      return html`<span class="quiet">${localize('last heartbeat')} ${timeWithAge(session.last_heartbeat, reader)}</span>`;
    case 'stalled': {
      const silent = new Date(Date.parse(session.last_heartbeat) + stallThresholdMs).toISOString();
      const since = timeWithAge(session.stalled_at ?? silent, reader);
      return html`${localize('since')} ${since} <span class="quiet">· ${ran(session.last_heartbeat)}</span>`;
    }
    case 'completed':
    case 'failed':
    case 'recovered':
    case 'archived':
    case 'ended': {
      const end = session.completed_at ?? session.stalled_at ?? session.last_heartbeat;
      return html`${timeWithAge(end, reader)} <span class="quiet">· ${ran(end)}</span>`;
    }
    default:
      return state satisfies never;
  }
}

function note(tone: 'warning' | 'bad', name: string, text: string): Html {
  return html`<div class="note ${tone}"><strong>${name}</strong><p class="text">${text}</p></div>`;
}

function actionsSection(
  { session, isOwn, claude }: SessionFacts,
  state: SessionState,
  vitals: Vitals,
  { localize }: Reader,
): Html {
  const buttons: (readonly [PageCommand, string])[] = [];
  // What an agent asks is answered there.
  const primary = state === 'waiting' || state === 'stopped' ? 'claudeProjects.showTerminal' : undefined;
  if (isRecoverable(session, healthAt(session, vitals)) && !isOwn)
    buttons.push(['claudeProjects.recoverSession', localize('Recover')]);
  if (claude !== undefined) buttons.push(['claudeProjects.showTerminal', localize('Show Terminal')]);
  if (isOwn) buttons.push(['claudeProjects.startTask', localize('Start Task')]);
  if (isLive(session)) {
    buttons.push(['claudeProjects.completeSession', localize('Complete')]);
    buttons.push(['claudeProjects.markSessionFailed', localize('Mark Failed')]);
  } else if (session.archived_at === null) buttons.push(['claudeProjects.archiveSession', localize('Archive')]);
  buttons.push(['claudeProjects.copySessionId', localize('Copy Id')]);
  return joined(
    buttons.map(([command, label]) => {
      const kind = command === 'claudeProjects.recoverSession' || command === primary ? 'primary' : '';
      return html`<button type="button" id="${command}" class="${kind}" data-command="${command}" data-session="${session.session_id}">${label}</button>`;
    }),
  );
}

function factsSection({ session, currentTaskName, claude }: SessionFacts, state: SessionState, reader: Reader): Html {
  const { localize, now } = reader;
  const { metadata } = session;
  const slot = shownSlot(session.docker_slot);
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' ? html`<span class="text">${value}</span>` : undefined;
  const time = (value: string | null) => (value === null ? undefined : timeWithAge(value, reader));
  const rows: readonly (readonly [string, Html | undefined])[] = [
    [localize('Project'), text(session.project_id)],
    [localize('Machine'), text(session.machine_id)],
    [localize('Slot'), slot === null ? undefined : html`${slot}`],
    [localize('Branch'), text(metadata['branch'])],
    [localize('Folder'), text(metadata['worktree'] ?? metadata['cwd'])],
    [localize('Current task'), text(currentTaskName)],
    [localize('Doing'), isDoing(session, state) ? text(session.activity_detail) : undefined],
    ...claudeFacts(claude, now, localize).map(([name, value]) => [name, text(value)] as const),
    [localize('Started'), time(session.started_at)],
    [localize('Last heartbeat'), isLive(session) ? time(session.last_heartbeat) : undefined],
    [localize('Last progress'), isLive(session) ? time(session.last_progress_at) : undefined],
    [localize('Stalled'), time(session.stalled_at)],
    [localize('Ended'), time(session.completed_at)],
    [localize('Archived'), time(session.archived_at)],
    [localize('Session id'), html`<code>${session.session_id}</code>`],
  ];
  const shown = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [html`<div class="fact"><dt>${name}</dt><dd>${value}</dd></div>`],
  );
  return html`<h2>${localize('Session')}</h2><dl class="facts">${joined(shown)}</dl>`;
}

/** The page says above what it asks, or why it does not go on. */
function isDoing(session: Session, state: SessionState): boolean {
  return isLive(session) && state !== 'waiting' && state !== 'stopped';
}

function lineageSection({ session, labelOf }: SessionFacts, { localize }: Reader): Html {
  const { recovered_from, recovered_by, recovery_attempts } = session;
  const link = (id: string, name: string) => {
    const about = plainText(labelOf(id) ?? localize('session {0}', id.slice(0, 8)));
    return html`<div class="fact"><dt>${name}</dt><dd><a href="#" id="lineage-${id}" data-command="claudeProjects.showSessionDetails" data-session="${id}">${about}</a></dd></div>`;
  };
  if (recovered_from === null && recovered_by === null) return NOTHING;
  const rows = [
    recovered_from === null ? NOTHING : link(recovered_from, localize('Continues')),
    recovered_by === null ? NOTHING : link(recovered_by, localize('Continued by')),
    recovery_attempts === 0
      ? NOTHING
      : html`<div class="fact"><dt>${localize('Recoveries so far')}</dt><dd>${recovery_attempts}</dd></div>`,
  ];
  return html`<h2>${localize('Recovery')}</h2><dl class="facts">${joined(rows)}</dl>`;
}

/** Metadata that the page shows elsewhere, or that means nothing to people. */
const SHOWN = new Set(['title', 'branch', 'checkout']);

function metadataSection({ metadata }: Session, { localize }: Reader): Html {
  const folder = metadata['worktree'] === undefined ? 'cwd' : 'worktree';
  const entries = Object.entries(metadata).filter(([name]) => !SHOWN.has(name) && name !== folder);
  if (entries.length === 0) return NOTHING;
  return html`<h2>${localize('Metadata')}</h2>${metadataList(entries, localize)}`;
}
