import { createHash } from 'node:crypto';
import type { StartOrchestrationOptions } from '../../api.d.ts';
import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { TrackerState } from '../lifecycle/tracker.ts';
import { timeLimit } from '../local-server/time-limit.ts';
import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { Settings } from '../settings/settings.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';

export interface ChosenPlaceParts {
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidChange'>;
  readonly places: Pick<WorkspacePlaces, 'current'>;
  readonly settings: { readonly current: Pick<Settings, 'dockerSlot'> };
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Log;
}

export type Place = Pick<StartOrchestrationOptions, 'dockerSlot'>;

/** Far above those that people give to containers: real slots are never in the way of these. */
const FIRST_EXTRA_SLOT = 60_000;
const EXTRA_SLOTS = 5536;
const PATIENCE_MS = 3000;
const MOST_READ = 100;

/**
 * The API takes one session for each project, machine and slot, and Claude Code may run several. The first has the
 * place of the workspace; those beside it get a slot of their own, worked out from their id, so that they keep it.
 */
export async function choosePlace(parts: ChosenPlaceParts, claudeSession: string, skipped: number): Promise<Place> {
  await untilDelivered(parts);
  return skipped === 0 && !(await isTaken(parts)) ? {} : { dockerSlot: extraSlot(claudeSession, skipped) };
}

export function extraSlot(claudeSession: string, skipped: number): number {
  const hash = createHash('sha256').update(claudeSession).digest().readUInt32BE();
  return FIRST_EXTRA_SLOT + ((hash + skipped) % EXTRA_SLOTS);
}

/** What has just ended here still holds its place in the API until that is told. */
async function untilDelivered({ lifecycle, connection, clock }: ChosenPlaceParts): Promise<void> {
  const isEnding = () =>
    connection.state.kind === 'online' && lifecycle.trackers.some(({ state }) => state.kind === 'ending');
  if (!isEnding()) return;
  const owned: Disposable[] = [];
  await new Promise<void>((done) => {
    owned.push(clock.after(PATIENCE_MS, done));
    owned.push(
      lifecycle.onDidChange(() => {
        if (!isEnding()) done();
      }),
    );
  });
  for (const part of owned) part.dispose();
}

async function isTaken(parts: ChosenPlaceParts): Promise<boolean> {
  const { lifecycle, places, settings, connection, clock, log } = parts;
  const { projectId, machineId } = await places.current();
  if (lifecycle.trackers.some((tracker) => tracker.projectId === projectId && isTracked(tracker.state))) {
    return true;
  }
  const { kind } = connection.state;
  if (kind !== 'online' && kind !== 'unused') return false;
  const limit = timeLimit(clock, PATIENCE_MS, new AbortController().signal);
  try {
    const query = { project_id: projectId, machine_id: machineId, status: 'active', limit: MOST_READ } as const;
    const { sessions } = await connection.call(
      (client, signal) => client.listSessions(query, { signal }),
      limit.signal,
    );
    const slot = settings.current.dockerSlot ?? null;
    return sessions.some(({ docker_slot }) => docker_slot === slot);
  } catch (error) {
    // It is found out when the session is told of.
    log.debug(`Whether the place is taken could not be read: ${errorText(error)}`);
    return false;
  } finally {
    limit.dispose();
  }
}

/** And so in its place. */
export function isTracked({ kind }: TrackerState): boolean {
  return kind === 'starting' || kind === 'running' || kind === 'degraded';
}
