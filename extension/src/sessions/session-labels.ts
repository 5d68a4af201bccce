import type { Session } from '@claude-projects/shared/client';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { metadataText } from './metadata-text.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionLabelsParts {
  readonly store: Pick<SessionStore, 'currentTaskNameOf'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers'>;
}

/** Labels of sessions, by what they are about. */
export class SessionLabels {
  readonly #parts: SessionLabelsParts;

  constructor(parts: SessionLabelsParts) {
    this.#parts = parts;
  }

  /** Its title, else its current task, its branch, its folder, its project. Never an id. */
  labelOf(session: Session): string {
    return this.subjectOf(session) ?? session.project_id;
  }

  /** The same, but undefined where only the project is known. */
  subjectOf(session: Session): string | undefined {
    return (
      this.#trackerOf(session)?.title ??
      metadataText(session.metadata, 'title') ??
      this.currentTaskNameOf(session) ??
      branchOf(session)
    );
  }

  /** For sentences such as "The session of … failed". */
  nameOf(session: Session): string {
    const subject = this.subjectOf(session);
    return subject === undefined ? session.project_id : `${session.project_id} (${subject})`;
  }

  /** This window knows the current task of its own sessions before the API does. */
  currentTaskNameOf(session: Session): string | undefined {
    return this.#trackerOf(session)?.currentTask?.name ?? this.#parts.store.currentTaskNameOf(session);
  }

  #trackerOf({ session_id }: Session) {
    return this.#parts.lifecycle.trackers.find(({ sessionId }) => sessionId === session_id);
  }
}

/** The branch it works on, else the folder of its checkout. */
export function branchOf({ metadata }: Pick<Session, 'metadata'>): string | undefined {
  return metadataText(metadata, 'branch') ?? metadataText(metadata, 'worktree');
}
