import type { Metadata } from '@claude-projects/shared/contract';
import type { Activity, Orchestration, OrchestrationEnd, OrchestrationTask } from '../../api.d.ts';
import type { Event } from '../platform/emitter.ts';

export type TrackerState =
  /** The API has not confirmed the session yet. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  /** The API cannot be reached. The orchestration goes on. */
  | { readonly kind: 'degraded'; readonly since: number; readonly before: 'starting' | 'running' }
  /** The API refuses the session itself, for example as invalid. The orchestration goes on, unrecorded. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Its end is recorded and on its way. */
  | { readonly kind: 'ending'; readonly end: OrchestrationEnd }
  | { readonly kind: 'ended'; readonly end: OrchestrationEnd };

/** What is learned of a session while it runs. */
export interface About {
  /** Made of what a person asked. It stays on this machine: see `sendChange`. */
  readonly title?: string;
  /** Metadata that the session began with, or was recovered with, and that has changed since. */
  readonly metadata?: Metadata;
}

/** One session of this window: what it is told goes to the outbox, its heartbeat to the API. */
export interface Tracker extends Orchestration {
  readonly state: TrackerState;
  readonly onDidChangeState: Event<TrackerState>;
  /** The task that runs; with several, the one that started last. */
  readonly currentTask: OrchestrationTask | undefined;
  readonly activity: Activity;
  /** What the session is about, for people; undefined until somebody says it. */
  readonly title: string | undefined;
  describe(about: About): void;
}

/** Its session is alive, as far as this window knows. */
export function isTracked({ kind }: TrackerState): boolean {
  return kind === 'starting' || kind === 'running' || kind === 'degraded';
}
