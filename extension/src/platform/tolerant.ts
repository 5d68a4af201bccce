import * as z from 'zod/mini';
import { catch as orElse } from 'zod/mini';

/** A value of another type than expected is as good as none: whoever wrote it may be newer, and have its reasons. */
export function tolerant<T extends z.ZodMiniType>(schema: T) {
  return orElse(z.optional(schema), undefined);
}
