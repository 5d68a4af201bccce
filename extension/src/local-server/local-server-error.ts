export type LocalServerFailure =
  /** Nothing on this machine can run the server. */
  | 'runtime-missing'
  /** The folder, the disk or the data in it cannot be used. */
  | 'unusable'
  /** It was started and does not answer. */
  | 'not-started'
  /** It ended unexpectedly, and is started again after a pause. */
  | 'ended'
  | 'disposed';

/** The message is for people: what is wrong and, where they can do something, what. */
export class LocalServerError extends Error {
  readonly kind: LocalServerFailure;

  constructor(kind: LocalServerFailure, message: string) {
    super(message);
    this.name = 'LocalServerError';
    this.kind = kind;
  }
}

/** Whether waiting alone cannot help. */
export function needsPerson(kind: LocalServerFailure): boolean {
  switch (kind) {
    case 'runtime-missing':
    case 'unusable':
      return true;
    case 'not-started':
    case 'ended':
    case 'disposed':
      return false;
    default:
      return kind satisfies never;
  }
}
