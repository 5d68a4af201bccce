import * as z from 'zod/mini';

const Reported = z.object({ errorType: z.string(), errorMessage: z.string(), trace: z.array(z.string()) });

/** What a function's runtime reported as its failure: the name of the error, its message and its stack. */
export class LambdaError extends Error {
  readonly type: string;

  private constructor(type: string, message: string) {
    super(message);
    this.name = 'LambdaError';
    this.type = type;
  }

  static of(reported: unknown): LambdaError {
    const { errorType, errorMessage } = Reported.parse(reported);
    return new LambdaError(errorType, errorMessage);
  }
}
