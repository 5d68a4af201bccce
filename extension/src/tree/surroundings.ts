import type { Localize } from '../platform/localize.ts';
import { type Standing, type ViewState, viewStateOf } from './view-state.ts';

/** What stands around the rows. */
export interface TreeSurroundings {
  readonly viewState: ViewState;
  readonly badge: { readonly count: number; readonly tooltip: string } | undefined;
  /** The line above the rows. */
  readonly message: string | undefined;
  readonly isFiltered: boolean;
}

export interface SurroundingsInput {
  readonly shown: number;
  /** How many sessions the person at this window can act on, whatever the filter. */
  readonly needYou: number;
  readonly standing: Standing;
  /** How many sessions there are, whatever the filter. */
  readonly known: number;
  readonly filter: string;
}

export function surroundingsOf(input: SurroundingsInput, localize: Localize): TreeSurroundings {
  const { shown, needYou, standing, known, filter } = input;
  return {
    viewState: viewStateOf(standing, known > 0),
    badge: badgeOf(needYou, localize),
    message: known === 0 ? undefined : messageOf(filter, shown, known, localize),
    isFiltered: filter !== '',
  };
}

function badgeOf(count: number, localize: Localize): TreeSurroundings['badge'] {
  if (count === 0) return undefined;
  const tooltip = count === 1 ? localize('1 session needs you') : localize('{0} sessions need you', count);
  return { count, tooltip };
}

function messageOf(filter: string, shown: number, known: number, localize: Localize): string | undefined {
  if (filter !== '') {
    return shown === 0
      ? localize('No session matches “{0}”.', filter)
      : localize('{0} of {1} sessions match “{2}”.', shown, known, filter);
  }
  return shown === 0 ? localize('All sessions are archived. Filter by is:archived to see them.') : undefined;
}
