import { Emitter } from '../../../src/platform/emitter.ts';
import { KeptIds, type KeptState } from '../../../src/platform/kept-ids.ts';
import { Dismissals, type DismissalsParts } from '../../../src/sessions/dismissals.ts';
import { NeedsYou } from '../../../src/sessions/needs-you.ts';
import type { WorkspacePlace } from '../../../src/workspace/workspace-place.ts';

const fail = (error: unknown) => {
  throw error;
};

export function memoryState(): KeptState {
  const values = new Map<string, unknown>();
  return { get: (name) => values.get(name), update: async (name, value) => void values.set(name, value) };
}

/** `NeedsYou` and `Dismissals` for the machine `laptop` with `acme/shop` open. */
export function attentionOf(store: DismissalsParts['store'], state: KeptState = memoryState()) {
  const placesChanged = new Emitter<void>(fail);
  let place: WorkspacePlace = { projectId: 'acme/shop', machineId: 'laptop', hostname: 'laptop', workspaceId: 'here' };
  const dismissals = new Dismissals({ store, kept: new KeptIds(state, 'dismissed', 2000, fail), onFault: fail });
  const places = { current: async () => place, onDidChange: placesChanged.event };
  const needsYou = new NeedsYou({ store, places, dismissals, onFault: fail });
  return {
    dismissals,
    needsYou,
    move(changes: Partial<WorkspacePlace>) {
      place = { ...place, ...changes };
      placesChanged.fire();
    },
    dispose() {
      needsYou.dispose();
      dismissals.dispose();
    },
  };
}
