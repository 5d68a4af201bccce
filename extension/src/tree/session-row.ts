import { type Session, shownSlot } from '@claude-projects/shared/contract';
import type { Localize } from '../platform/localize.ts';
import { isRecoverable } from '../recovery/candidates.ts';
import { silenceMs, type Vitals } from '../sessions/health.ts';
import type { Grouping } from '../settings/settings.ts';
import { agoText } from './ages.ts';
import { plainText } from './plain-text.ts';
import type { Row, TooltipLine } from './row.ts';
import { iconOf, nameOfState, type SessionState, sectionOf } from './session-state.ts';

export interface SessionFacts {
  readonly state: SessionState;
  readonly vitals: Vitals;
  readonly currentTaskName: string | undefined;
  /** Whether this window tracks it. */
  readonly isOwn: boolean;
  /** Another live session works in the same checkout. */
  readonly sharesCheckout: boolean;
  /** What the group above it says, it need not say again. */
  readonly grouping: Grouping;
}

/** Somebody has to listen to it. */
const MOST_SPOKEN = 500;

export function sessionRow(session: Session, facts: SessionFacts, localize: Localize): Row {
  const parts = descriptionParts(session, facts, localize);
  const description = parts.flatMap((part) => (part === '' ? [] : plainText(part))).join(' · ');
  return {
    label: plainText(facts.grouping === 'project' ? placeText(session, localize) : session.project_id),
    description,
    icon: iconOf(facts.state),
    tooltip: { title: session.project_id, lines: tooltipLines(session, facts, localize) },
    spoken: plainText(spokenText(session, facts, localize), MOST_SPOKEN),
    contextValue: contextValueOf(session, facts),
    expansion: 'collapsed',
    command: undefined,
  };
}

export function isLive({ status }: Session): boolean {
  return status === 'active' || status === 'paused' || status === 'stalled';
}

/** As in `session.stalled.live.recoverable`: the state, then what can be done. */
function contextValueOf(session: Session, { state, isOwn }: SessionFacts): string {
  const words = ['session', state];
  if (isLive(session)) words.push('live');
  if (isRecoverable(session) && !isOwn) words.push('recoverable');
  if (!isLive(session) && session.archived_at === null) words.push('archivable');
  if (isOwn) words.push('own');
  return words.join('.');
}

/** What matters most first: a narrow side bar cuts off the rest. */
function descriptionParts(session: Session, facts: SessionFacts, localize: Localize): readonly string[] {
  const { state, currentTaskName, isOwn } = facts;
  const doing = currentTaskName ?? session.activity_detail ?? '';
  const age = ageText(session, facts, localize);
  const place = isOwn ? localize('this window') : placeBeside(session, facts, localize);
  switch (state) {
    case 'healthy':
      return [doing, age, place];
    case 'waiting': {
      const question = session.activity_detail;
      return [question === null ? nameOfState(state, localize) : localize('asks: {0}', question), age, place];
    }
    case 'failed':
      return [nameOfState(state, localize), age, session.error_message ?? doing, place];
    case 'stalled':
    case 'late':
    case 'paused':
    case 'completed':
    case 'recovered':
    case 'archived':
      return [nameOfState(state, localize), age, doing, place];
    default:
      return state satisfies never;
  }
}

/** Of one that lives the age of its last heartbeat; of one that ended how long ago that was. */
function ageText(session: Session, facts: SessionFacts, localize: Localize): string {
  return agoText(ageMs(session, facts.vitals), localize);
}

function ageMs(session: Session, { now }: Vitals): number {
  if (session.completed_at !== null) return Math.max(0, now - Date.parse(session.completed_at));
  return silenceMs(session, now);
}

function placeText({ machine_id, docker_slot }: Session, localize: Localize): string {
  const slot = shownSlot(docker_slot);
  return slot === null ? machine_id : localize('{0}, slot {1}', machine_id, slot);
}

/** What of the place neither the label nor the group says. */
function placeBeside(session: Session, { grouping }: SessionFacts, localize: Localize): string {
  switch (grouping) {
    case 'health':
      return placeText(session, localize);
    case 'project':
      return '';
    case 'machine': {
      const slot = shownSlot(session.docker_slot);
      return slot === null ? '' : localize('slot {0}', slot);
    }
    default:
      return grouping satisfies never;
  }
}

function spokenText(session: Session, facts: SessionFacts, localize: Localize): string {
  const sentences = [
    localize(
      'Session of {0} on {1}: {2}.',
      session.project_id,
      placeText(session, localize),
      nameOfState(facts.state, localize),
    ),
    ...(facts.isOwn ? [localize('Tracked by this window.')] : []),
    ...(facts.sharesCheckout ? [localize('Shares its checkout with another agent.')] : []),
    ...(facts.currentTaskName === undefined ? [] : [localize('Works on {0}.', facts.currentTaskName)]),
    ...(facts.state === 'waiting' && session.activity_detail !== null
      ? [localize('Asks: {0}', session.activity_detail)]
      : []),
    ...(session.error_message === null ? [] : [localize('Error: {0}.', session.error_message)]),
    sectionOf(facts.state) === 'recent' || facts.state === 'failed'
      ? localize('Ended {0}.', ageText(session, facts, localize))
      : localize('Last heartbeat {0}.', ageText(session, facts, localize)),
  ];
  return sentences.join(' ');
}

/** Nothing that changes with every heartbeat: a tooltip is drawn when its row is. */
function tooltipLines(session: Session, facts: SessionFacts, localize: Localize): TooltipLine[] {
  const lines: readonly (readonly [name: string, value: string | number | null | undefined, isTime?: true])[] = [
    [localize('State'), nameOfState(facts.state, localize)],
    [localize('Current task'), facts.currentTaskName ?? session.current_task_id],
    [localize('Doing'), session.activity_detail],
    [localize('Machine'), session.machine_id],
    [localize('Checkout'), facts.sharesCheckout ? localize('shared with another agent') : null],
    [localize('Slot'), shownSlot(session.docker_slot)],
    [localize('Started'), session.started_at, true],
    [localize('Stalled'), session.stalled_at, true],
    [localize('Ended'), session.completed_at, true],
    [localize('Error'), session.error_message],
    [localize('Recovered from'), session.recovered_from],
    [localize('Recovered by'), session.recovered_by],
    [localize('Session'), session.session_id],
  ];
  return lines.flatMap(([name, value, isTime = false]) =>
    value === null || value === undefined ? [] : [{ name, value: String(value), isTime }],
  );
}
