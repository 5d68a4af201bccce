/** What was found is not what must be. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
}

/** No reply came: the message says why in words that an operator can act on. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError';
  /** Of the system or of TLS, such as ECONNREFUSED. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** The caller ended the run. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new CheckFailedError(otherwise);
}

/** `what` begins the sentence that says otherwise. */
export function expectEqual(what: string, actual: unknown, expected: string | number | null): void {
  expect(actual === expected, `${what} is ${JSON.stringify(actual)} where ${JSON.stringify(expected)} was expected`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
