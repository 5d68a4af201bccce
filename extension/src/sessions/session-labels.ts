import type { Session } from '@claude-projects/shared/client';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { plainText } from '../platform/plain-text.ts';
import { metadataText } from './metadata-text.ts';
import type { SessionStore } from './session-store.ts';

/** Characters of what it is about. */
const MOST_IN_NAME = 80;

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
    return sessionName(session.project_id, this.subjectOf(session));
  }

  /** This window knows the current task of its own sessions before the API does. */
  currentTaskNameOf(session: Session): string | undefined {
    return this.#trackerOf(session)?.currentTask?.name ?? this.#parts.store.currentTaskNameOf(session);
  }

  #trackerOf({ session_id }: Session) {
    return this.#parts.lifecycle.trackers.find(({ sessionId }) => sessionId === session_id);
  }
}

/** As in "acme/shop (Write the checkout)". */
export function sessionName(projectId: string, subject: string | undefined): string {
  return subject === undefined ? plainText(projectId) : `${plainText(projectId)} (${plainText(subject, MOST_IN_NAME)})`;
}

/** The branch it works on, else the folder of its checkout. */
export function branchOf({ metadata }: Pick<Session, 'metadata'>): string | undefined {
  return metadataText(metadata, 'branch') ?? metadataText(metadata, 'worktree');
}
