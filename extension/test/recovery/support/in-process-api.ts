import { StateTrackingApiClient } from '@claude-projects/shared/client';

interface RunningApi {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

export interface InProcessApi extends RunningApi {
  readonly client: StateTrackingApiClient;
}

interface TestApiModule {
  startTestApi(overrides: { maxRecoveryAttempts?: number }): Promise<RunningApi>;
}

/**
 * The real API over its embedded store, in this process. Loaded by a path that the type checker does not follow: the
 * API is compiled under settings of its own.
 */
export async function startInProcessApi(overrides: { maxRecoveryAttempts?: number } = {}): Promise<InProcessApi> {
  const path = new URL('../../../../api/test/support/test-api.ts', import.meta.url).href;
  const module: unknown = await import(path);
  if (!isTestApi(module)) throw new TypeError('The test API has moved.');
  const api = await module.startTestApi(overrides);
  const { url, key } = api;
  const close = () => api.close();
  return { url, key, close, client: new StateTrackingApiClient({ baseUrl: url, apiKey: key, retries: 0 }) };
}

function isTestApi(module: unknown): module is TestApiModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'startTestApi' in module &&
    typeof module.startTestApi === 'function'
  );
}
