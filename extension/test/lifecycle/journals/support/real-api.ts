import * as z from 'zod/mini';

/** As much of the API's own test support as is needed here. */
export interface RealApi {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

const Support = z.object({
  startTestApi: z.custom<() => Promise<RealApi>>((value) => typeof value === 'function'),
});

/**
 * The whole API over SQLite and a real socket. Loaded when it is needed, and not by its name: the extension's compiler
 * options are not those of the API.
 */
export async function startRealApi(): Promise<RealApi> {
  const support: unknown = await import(new URL('../../../../../api/test/support/test-api.ts', import.meta.url).href);
  return Support.parse(support).startTestApi();
}
