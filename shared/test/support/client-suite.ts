import type * as client from '../../src/client/index.ts';
import { FaultServer } from './fault-server.ts';

export type ClientModule = typeof client;
export type Client = client.StateTrackingApiClient;

export const API_KEY = '5d2c1b0a-9f8e-4d7c-8b6a-123456789abc';

/** Retries at once, so that only tests about waiting wait. */
export const QUICK_RETRIES = { attempts: 3, baseDelayMs: 1, maxDelayMs: 30_000 };

export interface ClientBench {
  readonly module: ClientModule;
  readonly server: FaultServer;
  client(options?: Partial<client.ClientOptions>): Client;
}

/** A fresh server for every test, checked and closed after it; the client may be the source's or a built one. */
export function clientBench(load: () => ClientModule): ClientBench {
  let server: FaultServer | undefined;
  beforeEach(async () => {
    server = await FaultServer.start();
  });
  afterEach(async () => {
    await server?.close();
    server?.verify();
  });
  const present = () => {
    if (!server) throw new Error('The server runs only inside a test');
    return server;
  };
  return {
    get module() {
      return load();
    },
    get server() {
      return present();
    },
    client(options) {
      const { StateTrackingApiClient } = load();
      return new StateTrackingApiClient({
        baseUrl: present().url,
        apiKey: API_KEY,
        retries: QUICK_RETRIES,
        timeoutMs: 5000,
        ...options,
      });
    },
  };
}
