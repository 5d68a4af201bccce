export class TimeLimitError extends Error {
  constructor(milliseconds: number) {
    super(`not done within ${milliseconds} ms`);
    this.name = 'TimeLimitError';
  }
}

/** What the work gives, if it does so in time. The work itself goes on: only nobody waits for it any longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new TimeLimitError(milliseconds)), milliseconds);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
