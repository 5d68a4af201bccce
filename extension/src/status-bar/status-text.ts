import type { ApiAddress, ConnectionState } from '../connection/connection.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { Localize } from '../platform/localize.ts';
import { plainText } from '../tree/plain-text.ts';

export type StatusSeverity = 'normal' | 'warning' | 'error';

/** What the status bar shows of this window. */
export interface StatusText {
  /** With product icons, as in `$(pulse)`. */
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly severity: StatusSeverity;
}

export type TrackedHere = Pick<Tracker, 'projectId' | 'state' | 'activity'> & {
  readonly currentTask: { readonly name: string } | undefined;
};

export interface StatusInput {
  readonly trackers: readonly TrackedHere[];
  readonly connection: ConnectionState;
  readonly address: ApiAddress | undefined;
}

interface Standing {
  readonly icon: string;
  readonly severity: StatusSeverity;
  readonly words: string;
}

const MOST_NAME = 40;

/** Undefined where there is nothing to say: nothing is tracked, and nothing has needed the API. */
export function statusText({ trackers, connection, address }: StatusInput, localize: Localize): StatusText | undefined {
  if (trackers.length === 0 && connection.kind === 'unused') return undefined;
  const api = connectionStanding(connection, address, localize);
  const standings = trackers.map((tracker) => trackerStanding(tracker, localize));
  const worst = worstOf([...standings, api]);
  const lines = trackers.map((tracker, index) => lineOf(tracker, standings[index]?.words ?? '', localize));
  if (lines.length === 0) lines.push(localize('This window tracks no session.'));
  lines.push(api.words);
  return {
    text: `$(${worst.icon}) ${escapeIcons(labelOf(trackers, localize))}`,
    tooltip: lines.join('\n'),
    spoken: localize('Claude Projects. {0}', lines.join(' ')),
    severity: worst.severity,
  };
}

function labelOf(trackers: readonly TrackedHere[], localize: Localize): string {
  const [first, ...others] = trackers;
  if (first === undefined) return localize('Claude Projects');
  if (others.length > 0) return localize('{0} sessions', trackers.length);
  const project = plainText(first.projectId, MOST_NAME);
  return first.currentTask === undefined ? project : `${project}: ${plainText(first.currentTask.name, MOST_NAME)}`;
}

function lineOf({ projectId, currentTask }: TrackedHere, words: string, localize: Localize): string {
  const project = plainText(projectId);
  return currentTask === undefined
    ? localize('{0}: {1}.', project, words)
    : localize('{0}: {1}, works on {2}.', project, words, plainText(currentTask.name));
}

function trackerStanding({ state, activity }: TrackedHere, localize: Localize): Standing {
  switch (state.kind) {
    case 'starting':
      return { icon: 'loading~spin', severity: 'normal', words: localize('starting') };
    case 'running':
      return activity === 'waiting_for_input'
        ? { icon: 'question', severity: 'warning', words: localize('waits for input') }
        : { icon: 'pulse', severity: 'normal', words: localize('running') };
    case 'degraded':
      return {
        icon: 'debug-disconnect',
        severity: 'warning',
        words: localize('goes on without the API, what happens is kept'),
      };
    case 'refused':
      return { icon: 'circle-slash', severity: 'warning', words: localize('refused by the API, nothing is recorded') };
    case 'ending':
      return { icon: 'sync', severity: 'normal', words: localize('ending') };
    case 'ended':
      return { icon: 'check', severity: 'normal', words: localize('ended') };
    default:
      return state satisfies never;
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
      return { icon: 'debug-disconnect', severity: 'warning', words: localize('The API cannot be reached.') };
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

const RANK = { normal: 0, warning: 1, error: 2 } as const;

/** The first of those that are worst. */
function worstOf(standings: readonly [...Standing[], Standing]): Standing {
  return standings.reduce((worst, next) => (RANK[next.severity] > RANK[worst.severity] ? next : worst));
}

/** A project may be called "$(zap)". */
function escapeIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}
