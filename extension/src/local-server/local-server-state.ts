import type { LocalServerFailure } from './local-server-error.ts';

/** For people and for the log: never holds the key. */
export type LocalServerState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly baseUrl: string; readonly version: string; readonly instance: string }
  /** Until `retryAt` nothing is tried, and whoever asks for the server is told the same at once. */
  | {
      readonly kind: 'failed';
      readonly reason: LocalServerFailure;
      readonly message: string;
      readonly retryAt: number;
    };
