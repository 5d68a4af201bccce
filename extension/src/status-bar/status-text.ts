import type { Activity } from '../../api.d.ts';
import type { ApiAddress, ConnectionState } from '../connection/connection.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { Localize } from '../platform/localize.ts';
import { plainText } from '../platform/plain-text.ts';

/** `trouble`: the work goes on without anybody. Its icon and the tooltip say so; the colour of a warning would be noise. */
export type StatusSeverity = 'normal' | 'trouble' | 'warning' | 'error';

/** What the status bar shows of this window. */
export interface StatusText {
  /** With product icons, as in `$(pulse)`. */
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly severity: StatusSeverity;
}

export type TrackedHere = Pick<Tracker, 'projectId' | 'state' | 'activity' | 'title'> & {
  readonly currentTask: { readonly name: string } | undefined;
};

export interface StatusInput {
  readonly trackers: readonly TrackedHere[];
  readonly connection: ConnectionState;
  readonly address: ApiAddress | undefined;
  /** The names of the sessions that the person at this window can act on. */
  readonly needYou: readonly string[];
}

interface Standing {
  readonly icon: string;
  readonly severity: StatusSeverity;
  readonly words: string;
}

const IDLE = 'circle-outline';
const MOST_NAME = 40;
/** Sessions that need somebody, in the tooltip. */
const MOST_NAMED = 5;

/** Undefined where there is nothing to say: nothing is tracked, and nothing has needed the API. */
export function statusText(input: StatusInput, localize: Localize): StatusText | undefined {
  const { trackers, connection, address, needYou } = input;
  if (trackers.length === 0 && connection.kind === 'unused') return undefined;
  const api = connectionStanding(connection, address, localize);
  const standings = trackers.map((tracker) => trackerStanding(tracker, localize));
  const active = standings.filter(({ icon }) => icon !== IDLE);
  const idle = standings.filter(({ icon }) => icon === IDLE);
  const worst = worstOf([...needYouStanding(needYou, localize), ...active, ...idle, api]);
  const lines = trackers.map((tracker, index) => lineOf(tracker, standings[index]?.words ?? '', localize));
  if (lines.length === 0) lines.push(localize('This window tracks no session.'));
  lines.unshift(...needYouLines(needYou, localize));
  lines.push(api.words);
  const label = needYou.length === 0 ? labelOf(trackers, localize) : needYouText(needYou.length, localize);
  return {
    text: `$(${worst.icon}) ${escapeIcons(label)}`,
    tooltip: lines.join('\n'),
    spoken: localize('Claude Projects. {0}', lines.join(' ')),
    severity: worst.severity,
  };
}

function needYouText(count: number, localize: Localize): string {
  return count === 1 ? localize('1 needs you') : localize('{0} need you', count);
}

function needYouStanding({ length }: readonly string[], localize: Localize): readonly Standing[] {
  return length === 0 ? [] : [{ icon: 'bell-dot', severity: 'warning', words: needYouText(length, localize) }];
}

function needYouLines(needYou: readonly string[], localize: Localize): readonly string[] {
  const more = needYou.length - MOST_NAMED;
  return [
    ...needYou.slice(0, MOST_NAMED).map((label) => localize('Needs you: {0}.', plainText(label))),
    ...(more > 0 ? [localize('And {0} more.', more)] : []),
  ];
}

function labelOf(trackers: readonly TrackedHere[], localize: Localize): string {
  const [first, ...others] = trackers;
  if (first === undefined) return localize('Claude Projects');
  if (others.length > 0) return countsText(trackers, localize);
  const project = plainText(first.projectId, MOST_NAME);
  const subject = first.title ?? first.currentTask?.name;
  const label = subject === undefined ? project : `${project}: ${plainText(subject, MOST_NAME)}`;
  return first.activity === 'idle' ? localize('{0}, idle', label) : label;
}

/** As in "2 working, 1 idle". */
function countsText(trackers: readonly TrackedHere[], localize: Localize): string {
  const count = (activity: Activity) => trackers.filter((tracker) => tracker.activity === activity).length;
  const [working, waiting, idle] = [count('working'), count('waiting_for_input'), count('idle')];
  return [
    ...(working > 0 ? [localize('{0} working', working)] : []),
    ...(waiting > 0 ? [localize('{0} waiting', waiting)] : []),
    ...(idle > 0 ? [localize('{0} idle', idle)] : []),
  ].join(', ');
}

function lineOf({ projectId, title, currentTask }: TrackedHere, words: string, localize: Localize): string {
  const project = title === undefined ? plainText(projectId) : `${plainText(title)} (${plainText(projectId)})`;
  return currentTask === undefined
    ? localize('{0}: {1}.', project, words)
    : localize('{0}: {1}, works on {2}.', project, words, plainText(currentTask.name));
}

function trackerStanding({ state, activity }: TrackedHere, localize: Localize): Standing {
  switch (state.kind) {
    case 'starting':
      return { icon: 'loading~spin', severity: 'normal', words: localize('starting') };
    case 'running':
      return runningStanding(activity, localize);
    case 'degraded':
      return {
        icon: 'debug-disconnect',
        severity: 'trouble',
        words: localize('goes on without the API, what happens is kept'),
      };
    case 'refused':
      return { icon: 'circle-slash', severity: 'warning', words: localize('refused by the API, not recorded') };
    case 'ending':
      return { icon: 'sync', severity: 'normal', words: localize('ending') };
    case 'ended':
      return { icon: 'check', severity: 'normal', words: localize('ended') };
    default:
      return state satisfies never;
  }
}

function runningStanding(activity: Activity, localize: Localize): Standing {
  switch (activity) {
    case 'working':
      return { icon: 'pulse', severity: 'normal', words: localize('working') };
    case 'waiting_for_input':
      return { icon: 'question', severity: 'trouble', words: localize('waits for input') };
    case 'idle':
      return { icon: IDLE, severity: 'normal', words: localize('idle') };
    default:
      return activity satisfies never;
  }
}

function connectionStanding(
  connection: ConnectionState,
  address: ApiAddress | undefined,
  localize: Localize,
): Standing {
  switch (connection.kind) {
    case 'unused':
    case 'connecting':
      return { icon: 'loading~spin', severity: 'normal', words: localize('Looking for the API.') };
    case 'online':
      return { icon: 'pulse', severity: 'normal', words: onlineWords(address, localize) };
    case 'offline':
      return { icon: 'debug-disconnect', severity: 'trouble', words: localize('The API cannot be reached.') };
    case 'key-refused':
      return { icon: 'key', severity: 'error', words: localize('The API refused the key.') };
    case 'key-missing':
      return { icon: 'key', severity: 'warning', words: localize('There is no API key.') };
    case 'not-our-api':
      return { icon: 'error', severity: 'error', words: localize('What answers is not a Claude Projects API.') };
    case 'unusable':
      return { icon: 'error', severity: 'error', words: localize('Sessions cannot be tracked here.') };
    default:
      return connection satisfies never;
  }
}

function onlineWords(address: ApiAddress | undefined, localize: Localize): string {
  if (address === undefined) return localize('Connected.');
  return address.mode === 'local'
    ? localize('Connected to the local server.')
    : localize('Connected to {0}.', address.baseUrl);
}

const RANK = { normal: 0, trouble: 1, warning: 2, error: 3 } as const;

/** The first of those that are worst. */
function worstOf(standings: readonly [...Standing[], Standing]): Standing {
  return standings.reduce((worst, next) => (RANK[next.severity] > RANK[worst.severity] ? next : worst));
}

/** A project may be called "$(zap)". */
function escapeIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}
