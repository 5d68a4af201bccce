import type { Event } from '../platform/emitter.ts';

/** The workspace of this window. */
export interface WorkspacePlace {
  /** Of the first folder. */
  readonly projectId: string;
  readonly machineId: string;
  readonly hostname: string;
  /** For `TrackedSession.workspace`. */
  readonly workspaceId: string;
}

/** Where an agent works: what its session is filed under. */
export interface FolderPlace {
  readonly projectId: string;
  /** The setting in the window's main checkout; derived from the path everywhere else. */
  readonly dockerSlot: number | undefined;
  readonly metadata: PlaceMetadata;
}

/** What the metadata of a session says about its place. */
export interface PlaceMetadata {
  /** The branch that is checked out. */
  readonly branch?: string;
  /** The name of the folder, where this is not the window's main checkout. */
  readonly worktree?: string;
  /** The same for all sessions of one checkout on one machine. Says nothing about the path. */
  readonly checkout?: string;
}

export interface OpenFolder {
  readonly name: string;
  readonly path: string;
}

export interface WorkspacePlaces {
  /** Reads disk at the first call; the same answer until a setting or the folders change. */
  current(): Promise<WorkspacePlace>;
  /** The place of a path on this machine, as it is now. Default: the window's first folder. */
  at(path?: string): Promise<FolderPlace>;
  /** The folders of this window that are on disk. */
  readonly folders: readonly OpenFolder[];
  /** The folder of the file that is being edited. */
  readonly activeFolder: OpenFolder | undefined;
  readonly onDidChange: Event<void>;
}
