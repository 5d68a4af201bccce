import {
  type ClientAdapter,
  StateTrackingApiClient,
  TimeoutError,
  UnavailableError,
} from '../../shared/src/client/index.ts';
import { NoReplyError } from './failures.ts';
import type { Wire } from './wire.ts';

type Adapter = Exclude<ClientAdapter, 'fetch'>;

/** The client that everybody uses, so that what is verified is what it needs. It never tries again: a fault is a fault. */
export function clientOver(wire: Wire, baseUrl: string, apiKey: string): StateTrackingApiClient {
  return new StateTrackingApiClient({ baseUrl, apiKey, retries: 0, adapter: adapterOver(wire) });
}

function adapterOver(wire: Wire): Adapter {
  return async (config) => {
    const { status, headers, text } = await inWordsOfTheClient(() =>
      wire.send({
        method: config.method?.toUpperCase() ?? 'GET',
        url: config.url ?? '',
        headers: textsIn(config.headers.toJSON()),
        body: typeof config.data === 'string' ? config.data : undefined,
      }),
    );
    return { data: text, status, statusText: '', headers: Object.fromEntries(headers), config };
  };
}

/** The client would take every failure that is not its own for a broken connection. */
async function inWordsOfTheClient<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof NoReplyError)) throw error;
    throw error.code === 'TIMEOUT'
      ? new TimeoutError(error.message, { code: 'TIMEOUT' })
      : new UnavailableError(error.message, { code: 'NETWORK_ERROR' });
  }
}

function textsIn(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string'),
  );
}
