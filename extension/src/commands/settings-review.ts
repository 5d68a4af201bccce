import { basename } from 'node:path';
import type { Direction } from '../claude-code/settings-file/connector.ts';

/** A change of a settings file, for a person to read before the file is written. */
export interface SettingsChange {
  readonly direction: Direction;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The title of the comparison. */
  readonly title: string;
  /** What the change is for, and how to answer. */
  readonly explanation: string;
}

export interface SettingsReview {
  /** Shows the change as a comparison. Rejects with `Cancelled` when the person cancels or closes the comparison. */
  ask(change: SettingsChange): Promise<void>;
  /** Does nothing while no change is shown. */
  answer(accepted: boolean): void;
}

export const REVIEW_SCHEME = 'claude-projects-settings';

/** The name of a file, whichever system its path is of. */
export const fileNameOf = (path: string): string => basename(path.replaceAll('\\', '/'));

/**
 * The parts of the URI under which one side of a comparison is shown. A URI without an authority is invalid if its path
 * begins with two slashes, as those of POSIX and UNC paths would.
 */
export function comparisonUri(path: string, side: string): { scheme: string; path: string; query: string } {
  const relative = path.replaceAll('\\', '/').replace(/^\/+/, '');
  // The suffix allows comments, whatever the name of the file says.
  return { scheme: REVIEW_SCHEME, path: `/${relative}.jsonc`, query: side };
}
