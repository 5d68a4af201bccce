import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { KeptState } from './machine-identity.ts';

const TRACKED = 'claudeProjects.tracked';

export interface TrackedFlagParts {
  readonly state: KeptState;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange' | 'resume'>;
  readonly onFault: (error: unknown) => void;
}

/**
 * Remembers whether this workspace tracks something, in the editor's own memory: a window where nothing was tracked
 * starts without a look at the disk, and one where something was goes on with it.
 */
export function keepTrackedFlag({ state, lifecycle, onFault }: TrackedFlagParts): Disposable {
  const owned = new Disposables();
  let noted = state.get(TRACKED) === true;
  const note = () => {
    const tracks = lifecycle.trackers.length > 0;
    if (tracks === noted) return;
    noted = tracks;
    state.update(TRACKED, tracks).then(undefined, onFault);
  };
  owned.add(lifecycle.onDidStart(note));
  owned.add(lifecycle.onDidChange(note));
  if (noted) lifecycle.resume().then(note, onFault);
  return owned;
}
