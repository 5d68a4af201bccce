import type { ClaudeProjectsApi, Orchestration } from '../../api.d.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { Disposable } from '../platform/disposable.ts';
import { Emitter } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import { orchestrationFace } from './orchestration-face.ts';

/** Makes what `activate()` returns to other extensions. */
export function createClaudeProjectsApi(lifecycle: Lifecycle, log: Log): { api: ClaudeProjectsApi } & Disposable {
  const faces = new WeakMap<Tracker, Orchestration>();
  const faceOf = (tracker: Tracker) => {
    const known = faces.get(tracker);
    if (known) return known;
    const face = orchestrationFace(tracker);
    faces.set(tracker, face);
    return face;
  };
  const started = new Emitter<Orchestration>((error) =>
    log.error(`Another extension's listener failed: ${errorText(error)}`),
  );
  const listening = lifecycle.onDidStart((tracker) => started.fire(faceOf(tracker)));
  return {
    api: Object.freeze({
      apiVersion: 1,
      get orchestrations() {
        // Its end may still have to be delivered; for those who work with it, it is over.
        return lifecycle.trackers.filter(({ health }) => health !== 'ended').map(faceOf);
      },
      onDidStartOrchestration: started.event,
      async startOrchestration(options) {
        const result = await lifecycle.start(options ?? {}, { join: true });
        return result.ok ? { ok: true, value: faceOf(result.value) } : result;
      },
    } satisfies ClaudeProjectsApi),
    dispose() {
      listening.dispose();
      started.dispose();
    },
  };
}
