import type { Event } from '../platform/emitter.ts';
import type { ApiAddress } from './connection.ts';

export type Endpoint =
  | {
      readonly kind: 'ready';
      readonly address: ApiAddress;
      readonly apiKey: string;
      /** Another one at the same address is another server: a local one that was started again. */
      readonly instance: string;
    }
  | { readonly kind: 'key-missing' }
  /** A person has to act before there can be one. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** There is none now; asked again later there may be. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Knows where the API is and with which key, or brings it into being. */
export interface EndpointSource {
  resolve(signal: AbortSignal): Promise<Endpoint>;
  /** Nobody answered there: what was resolved before may be wrong by now. */
  reportUnreachable(): void;
  /** A setting or the key changed, so that `resolve` may answer otherwise. */
  readonly onDidChange: Event<void>;
}
