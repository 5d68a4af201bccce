import assert from 'node:assert/strict';

/** The error a promise rejects with, which must be of this class. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...parameters: never[]) => E,
): Promise<E> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert(outcome instanceof type, `expected a ${type.name}, got ${String(outcome)}`);
  return outcome;
}
