import * as z from 'zod/mini';

/** One request as a released client sends it, and what that client expects in return. */
const Exchange = z.object({
  route: z.string(),
  method: z.string(),
  path: z.string(),
  /** `{key}` stands for the API key, `{etag}` for the ETag of the reply before. */
  headers: z.record(z.string(), z.string()),
  body: z.nullable(z.string()),
  status: z.int(),
  /** A schema of the recording, by name; null: the client does not read the body. */
  expects: z.nullable(z.string()),
  /** Of an error reply. */
  code: z.nullable(z.string()),
});
export type Exchange = z.output<typeof Exchange>;

export const Recording = z.object({
  client: z.string(),
  exchanges: z.array(Exchange),
  /** JSON Schema of all replies that this client accepts, with the enum values that it knows. */
  schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type Recording = z.output<typeof Recording>;
