import type { Version } from './claude-code.ts';
import type { ClaudeSession, SessionOptions } from './claude-session.ts';
import type { Answer } from './model.ts';
import type { Sight } from './sights.ts';
import type { Stage } from './stage.ts';

/** A session on its stage. */
export interface Scene {
  readonly stage: Stage;
  readonly session: ClaudeSession;
  /** Its row, with what follows the place in its accessible name. */
  readonly row: (state: RegExp) => Sight;
  /** How many sessions needed somebody before it was started. */
  readonly needed: number;
}

/** One line of the table that people read. */
export interface Situation {
  readonly situation: string;
  /** What the tree says then. */
  readonly state: string;
  /** How that is known. */
  readonly signal: string;
  readonly withinMs: number;
  /** Brings it about. The time runs from when this is done; without it, from what was done for the situation before. */
  readonly act?: (scene: Scene) => Promise<void> | void;
  readonly sees: (scene: Scene) => readonly Sight[];
  /** It was so before: what `act` has waited to see shows that all of it was taken in. */
  readonly stays?: true;
}

/** One session, and what becomes of it. */
export interface Story extends Pick<SessionOptions, 'args' | 'env'> {
  /** What it is asked, without the name of the script. */
  readonly about: string;
  readonly script: string;
  readonly answers: readonly Answer[];
  /** Of its agents, and of what it is asked later. */
  readonly others?: Readonly<Record<string, readonly Answer[]>>;
  /** In the folder that no editor has open. */
  readonly isElsewhere?: true;
  /** Before it starts. */
  readonly before?: (stage: Stage) => Promise<void>;
  /** When all of it has been seen. */
  readonly after?: (stage: Stage) => Promise<void> | void;
  readonly only?: Version;
  readonly situations: readonly Situation[];
}
