import type { Event } from '../platform/emitter.ts';

/** Where this window works: what a new session is filed under. */
export interface WorkspacePlace {
  readonly projectId: string;
  readonly machineId: string;
  readonly hostname: string;
  /** For `TrackedSession.workspace`. */
  readonly workspaceId: string;
}

export interface WorkspacePlaces {
  /** Reads disk at the first call; the same answer until a setting or the folders change. */
  current(): Promise<WorkspacePlace>;
  readonly onDidChange: Event<void>;
}
