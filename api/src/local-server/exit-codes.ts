/** What the process says by its end. The extension goes by these: see its `local-server/exit-codes.ts`. */
export const EXIT = {
  /** In order: nobody called any more, or it was asked to. */
  done: 0,
  fault: 1,
  /** Another process serves this folder already, or is about to, or has not quite ended. */
  anotherServes: 3,
  /** A person has to act; what to do is on standard error. */
  unusable: 4,
} as const;
