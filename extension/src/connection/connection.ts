import type { StateTrackingApiClient } from '@claude-projects/shared/client';
import type { Event } from '../platform/emitter.ts';

export type ConnectionState =
  /** Nothing has needed the API yet. */
  | { readonly kind: 'unused' }
  /** The local server is being found or started. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online' }
  | { readonly kind: 'offline'; readonly since: number; readonly reason: string }
  /** No call leaves until the key changes. */
  | { readonly kind: 'key-refused'; readonly reason: string }
  | { readonly kind: 'key-missing' }
  /** Something answers that is not a Claude Projects API, or not a compatible one. */
  | { readonly kind: 'not-our-api'; readonly reason: string }
  /** A setting is wrong, or the local server cannot run here: a person has to act. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Where the API is, for people: never holds a key. */
export interface ApiAddress {
  readonly mode: 'local' | 'remote';
  readonly baseUrl: string;
}

/** Tells one API from another. The local server has another port at each start, and the same sessions. */
export function homeOf({ mode, baseUrl }: ApiAddress): string {
  return mode === 'local' ? mode : baseUrl;
}

/** One call to the API. Retries are the caller's business: the client makes one try unless it is told otherwise. */
export type ApiCall<T> = (client: StateTrackingApiClient, signal: AbortSignal) => Promise<T>;

/**
 * The only way to the API. Finds it, or starts it, at the first call; each outcome moves the state. While the key is
 * refused, or a setting is wrong, calls are refused here, without one leaving.
 */
export interface Connection {
  readonly state: ConnectionState;
  readonly onDidChange: Event<ConnectionState>;
  /** Undefined before the first call, and while there is none. */
  readonly address: ApiAddress | undefined;
  /** Rejects with an `ApiError` of the client, whatever went wrong. */
  call<T>(run: ApiCall<T>, signal?: AbortSignal): Promise<T>;
}

/** Whether waiting alone can help. Where it is false, somebody has to change a key, a setting or a server. */
export function mayComeBack(state: ConnectionState): boolean {
  switch (state.kind) {
    case 'unused':
    case 'connecting':
    case 'online':
    case 'offline':
    case 'not-our-api':
      return true;
    case 'key-refused':
    case 'key-missing':
    case 'unusable':
      return false;
    default:
      return state satisfies never;
  }
}
