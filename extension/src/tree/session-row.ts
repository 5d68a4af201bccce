import type { Session } from '@claude-projects/shared/client';
import { shownSlot } from '@claude-projects/shared/contract';
import { conversationIn } from '../claude-code/claude-conversation.ts';
import type { ClaudeKnown } from '../claude-code/claude-known.ts';
import { agoText, rowDurationText } from '../platform/ages.ts';
import type { Localize } from '../platform/localize.ts';
import { plainText, shortText } from '../platform/plain-text.ts';
import { isRecoverable } from '../recovery/candidates.ts';
import { claudeFacts } from '../sessions/claude-facts.ts';
import { isLive, needsAttention, quietMs, silenceMs, type Vitals } from '../sessions/health.ts';
import { metadataText } from '../sessions/metadata-text.ts';
import { branchOf } from '../sessions/session-labels.ts';
import { nameOfState, type SessionState } from '../sessions/session-state.ts';
import type { Grouping } from '../settings/settings.ts';
import type { Row, TooltipLine } from './row.ts';
import { iconOf } from './state-icon.ts';

export interface SessionFacts {
  /** What it is about. */
  readonly label: string;
  readonly state: SessionState;
  readonly vitals: Vitals;
  readonly currentTaskName: string | undefined;
  /** Whether this window tracks it. */
  readonly isOwn: boolean;
  readonly isDismissed: boolean;
  /** Another live session works in the same checkout. */
  readonly sharesCheckout: boolean;
  /** Of a live session of Claude Code on this machine. */
  readonly claude: ClaudeKnown | undefined;
  /** What the group above it says, it need not say again. */
  readonly grouping: Grouping;
}

/** A longer label would push the state out of a side bar of the usual width. The tooltip has all of it. */
const MOST_LABEL = 28;
const MOST_DETAIL = 60;
/** Somebody has to listen to it. */
const MOST_SPOKEN = 500;

export function sessionRow(session: Session, facts: SessionFacts, localize: Localize): Row {
  return {
    label: shortText(labelIn(session, facts), MOST_LABEL),
    description: descriptionOf(session, facts, localize),
    icon: iconOf(facts.state),
    tooltip: { title: facts.label, lines: tooltipLines(session, facts, localize) },
    spoken: plainText(spokenText(session, facts, localize), MOST_SPOKEN),
    contextValue: contextValueOf(session, facts),
    expansion: 'collapsed',
    command: {
      command: 'claudeProjects.showSessionDetails',
      title: localize('Show Session Details'),
      arguments: [session.session_id],
    },
  };
}

function isOver({ status }: Session): boolean {
  return status === 'completed' || status === 'failed';
}

/** As in `session.stalled.live.recoverable`: the state, then what can be done. */
function contextValueOf(session: Session, { state, isOwn, isDismissed, claude }: SessionFacts): string {
  const words = ['session', state];
  if (isLive(session)) words.push('live');
  if (isRecoverable(session) && !isOwn) words.push('recoverable');
  if (isOver(session) && session.archived_at === null) words.push('archivable');
  if (needsAttention(session)) words.push(isDismissed ? 'dismissed' : 'dismissible');
  if (isOwn) words.push('own');
  if (claude !== undefined) words.push('terminal');
  if (conversationIn(session) !== undefined) words.push('conversation');
  return words.join('.');
}

/** A group of a project says its name already. */
function labelIn({ project_id, machine_id }: Session, { label, grouping }: SessionFacts): string {
  return grouping === 'project' && label === project_id ? machine_id : label;
}

/** State, running time, branch: a narrow side bar cuts off what comes last. */
function descriptionOf(session: Session, facts: SessionFacts, localize: Localize): string {
  const branch = branchOf(session);
  const parts = [
    stateText(session, facts, localize),
    timeText(session, facts, localize),
    branch === undefined || branch === facts.label ? '' : plainText(branch),
    facts.isDismissed ? localize('dismissed') : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What it asks, or why it does not go on; else its state. */
function stateText(session: Session, { state }: SessionFacts, localize: Localize): string {
  const { activity_detail, error_message } = session;
  if (state === 'waiting' && activity_detail !== null) {
    return localize('asks: {0}', plainText(activity_detail, MOST_DETAIL));
  }
  // The icon says the state. A side bar of 300 pixels would cut off the reason behind it.
  const reason = state === 'stopped' ? activity_detail : state === 'failed' ? error_message : null;
  return reason === null ? nameOfState(state, localize) : plainText(reason, MOST_DETAIL);
}

/** How long a live session has run, a late one has been silent, and how long ago a dead one ended. */
function timeText(session: Session, { state, vitals }: SessionFacts, localize: Localize): string {
  const { now } = vitals;
  switch (state) {
    case 'working':
    case 'idle':
    case 'stopped':
    case 'waiting':
    case 'paused':
      return rowDurationText(runningMs(session, now), localize);
    case 'late':
      return localize('silent for {0}', rowDurationText(silenceMs(session, now), localize));
    case 'stalled':
    case 'failed':
    case 'completed':
    case 'recovered':
    case 'archived':
    case 'ended':
    case 'unknown':
      return agoText(quietMs(session, now), localize);
    default:
      return state satisfies never;
  }
}

function runningMs({ started_at }: Session, now: number): number {
  return Math.max(0, now - Date.parse(started_at));
}

function placeText({ machine_id, docker_slot }: Session, localize: Localize): string {
  const slot = shownSlot(docker_slot);
  return slot === null ? machine_id : localize('{0}, slot {1}', machine_id, slot);
}

/** First what tells it apart, then how it is. */
function spokenText(session: Session, facts: SessionFacts, localize: Localize): string {
  const { label, currentTaskName, state } = facts;
  const { project_id, error_message, activity_detail } = session;
  const branch = branchOf(session);
  const sentences = [
    ...(label === project_id ? [] : [`${label}.`]),
    localize('Session of {0} on {1}: {2}.', project_id, placeText(session, localize), nameOfState(state, localize)),
    ...(state === 'waiting' && activity_detail !== null ? [localize('Asks: {0}', activity_detail)] : []),
    ...(state === 'stopped' && activity_detail !== null
      ? [localize('Reason: {0}.', withoutStop(activity_detail))]
      : []),
    ...(facts.isOwn ? [localize('Tracked by this window.')] : []),
    ...(facts.sharesCheckout ? [localize('Shares its checkout with another agent.')] : []),
    ...(facts.claude?.isDouble ? [localize('Another process works on the same conversation.')] : []),
    spokenTime(session, facts, localize),
    ...(currentTaskName === undefined || currentTaskName === label ? [] : [localize('Works on {0}.', currentTaskName)]),
    ...(branch === undefined || branch === label ? [] : [localize('Branch {0}.', branch)]),
    ...(error_message === null ? [] : [localize('Reason: {0}.', withoutStop(error_message))]),
    ...(facts.isDismissed ? [localize('Dismissed.')] : []),
  ];
  return sentences.join(' ');
}

/** The sentence around it has its own. */
function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function spokenTime(session: Session, { state, vitals }: SessionFacts, localize: Localize): string {
  const { now } = vitals;
  switch (state) {
    case 'working':
    case 'idle':
    case 'stopped':
    case 'waiting':
    case 'paused':
      return localize('Running for {0}.', rowDurationText(runningMs(session, now), localize));
    case 'late':
    case 'stalled':
    case 'unknown':
      return localize('Last heartbeat {0}.', agoText(silenceMs(session, now), localize));
    case 'failed':
    case 'completed':
    case 'recovered':
    case 'archived':
    case 'ended':
      return localize('Ended {0}.', agoText(quietMs(session, now), localize));
    default:
      return state satisfies never;
  }
}

/** Nothing that changes with every heartbeat: a tooltip is drawn when its row is. */
function tooltipLines(session: Session, facts: SessionFacts, localize: Localize): TooltipLine[] {
  const { state, vitals, currentTaskName } = facts;
  const { metadata } = session;
  const isOver = state === 'completed' || state === 'failed' || state === 'recovered' || state === 'archived';
  const lines: readonly (readonly [name: string, value: string | number | null | undefined, isTime?: true])[] = [
    [localize('State'), nameOfState(state, localize)],
    [localize('Last heartbeat'), isOver ? null : agoText(silenceMs(session, vitals.now), localize)],
    [detailName(state, localize), session.activity_detail],
    [localize('Reason'), session.error_message],
    [localize('Conversation'), facts.claude?.isDouble ? localize('another process works on it too') : null],
    ...claudeFacts(facts.claude, vitals.now, localize),
    [localize('Current task'), currentTaskName],
    [localize('Project'), session.project_id],
    [localize('Branch'), metadataText(metadata, 'branch')],
    [localize('Worktree'), metadataText(metadata, 'worktree')],
    [localize('Machine'), session.machine_id],
    [localize('Checkout'), facts.sharesCheckout ? localize('shared with another agent') : null],
    [localize('Slot'), shownSlot(session.docker_slot)],
    [localize('Tracked by'), facts.isOwn ? localize('this window') : null],
    [localize('Started'), session.started_at, true],
    [localize('Stalled'), session.stalled_at, true],
    [localize('Ended'), session.completed_at, true],
    [localize('Continues'), session.recovered_from === null ? null : localize('an earlier session')],
    [localize('Continued by'), session.recovered_by === null ? null : localize('a newer session')],
    [localize('Session'), session.session_id],
  ];
  return lines.flatMap(([name, value, isTime = false]) =>
    value === null || value === undefined ? [] : [{ name, value: String(value), isTime }],
  );
}

function detailName(state: SessionState, localize: Localize): string {
  if (state === 'waiting') return localize('Asks');
  return state === 'stopped' ? localize('Reason') : localize('Doing');
}
