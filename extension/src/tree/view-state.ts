import type { ConnectionState } from '../connection/connection.ts';
import { agoText } from '../platform/ages.ts';
import type { Localize } from '../platform/localize.ts';
import type { Row, RowCommand } from './row.ts';

/** The value of the context key `claudeProjects.viewState`, on which the view's welcome texts depend. */
export type ViewState =
  | 'loading'
  | 'empty'
  | 'offline'
  | 'keyRefused'
  | 'keyMissing'
  | 'notOurApi'
  | 'unusable'
  | 'content';

export interface Standing {
  readonly connection: ConnectionState;
  /** When the sessions were last read. */
  readonly readAt: number | undefined;
  /** Readings that failed since. */
  readonly failures: number;
}

type Trouble = Exclude<ViewState, 'loading' | 'empty' | 'content'> | 'failing';

export function viewStateOf(standing: Standing, hasSessions: boolean): ViewState {
  if (hasSessions) return 'content';
  const trouble = troubleOf(standing);
  if (trouble !== undefined) return trouble === 'failing' ? 'offline' : trouble;
  return standing.readAt === undefined ? 'loading' : 'empty';
}

/** Above sessions that may be out of date: why, and how old they are. */
export function noticeRow(standing: Standing, now: number, localize: Localize): Row | undefined {
  const trouble = troubleOf(standing);
  if (trouble === undefined) return undefined;
  const label = labelOf(trouble, localize);
  const { description, sentence } = ageOf(standing, now, localize);
  return {
    label,
    description,
    icon: { id: trouble === 'offline' || trouble === 'failing' ? 'debug-disconnect' : 'warning' },
    tooltip: undefined,
    spoken: `${label} ${sentence}`,
    contextValue: 'notice',
    expansion: 'none',
    command: commandFor(trouble, localize),
  };
}

/** How old the rows are. Only those of this window are ever shown before the API has answered. */
function ageOf({ readAt }: Standing, now: number, localize: Localize): { description: string; sentence: string } {
  if (readAt === undefined) {
    return {
      description: localize('Only this window’s sessions'),
      sentence: localize('The view shows only the sessions of this window.'),
    };
  }
  const age = agoText(Math.max(0, now - readAt), localize);
  return {
    description: localize('As of {0}', age),
    sentence: localize('The sessions are shown as they were {0}.', age),
  };
}

function troubleOf({ connection, failures }: Standing): Trouble | undefined {
  switch (connection.kind) {
    case 'unused':
    case 'connecting':
    case 'online':
      return failures > 0 ? 'failing' : undefined;
    case 'offline':
      return 'offline';
    case 'key-refused':
      return 'keyRefused';
    case 'key-missing':
      return 'keyMissing';
    case 'not-our-api':
      return 'notOurApi';
    case 'unusable':
      return 'unusable';
    default:
      return connection satisfies never;
  }
}

function labelOf(trouble: Trouble, localize: Localize): string {
  switch (trouble) {
    case 'offline':
      return localize('Offline.');
    case 'failing':
      return localize('The sessions cannot be read.');
    case 'keyRefused':
      return localize('The API refused the key.');
    case 'keyMissing':
      return localize('There is no API key.');
    case 'notOurApi':
      return localize('What answers is not a Claude Projects API.');
    case 'unusable':
      return localize('Sessions cannot be tracked here.');
    default:
      return trouble satisfies never;
  }
}

function commandFor(trouble: Trouble, localize: Localize): RowCommand {
  switch (trouble) {
    case 'offline':
    case 'failing':
      return { command: 'claudeProjects.refreshSessions', title: localize('Try Again') };
    case 'keyRefused':
    case 'keyMissing':
      return { command: 'claudeProjects.setApiKey', title: localize('Set API Key') };
    case 'notOurApi':
    case 'unusable':
      return { command: 'claudeProjects.showLog', title: localize('Show Log') };
    default:
      return trouble satisfies never;
  }
}
