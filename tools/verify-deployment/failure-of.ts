import { ApiError } from '../../shared/src/client/index.ts';

/** Of a call that must be refused; undefined where it was not. */
export async function failureOf(call: Promise<unknown>): Promise<ApiError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
