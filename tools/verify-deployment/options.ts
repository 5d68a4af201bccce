import { type CertificateEnd, certificateEnd } from './certificate.ts';
import type { CheckResult } from './report.ts';
import { systemTime, type Time } from './time.ts';

export interface VerifyOptions {
  /** Where the API is, as in `https://example.com`; a path in front of its routes may follow. */
  readonly url: string;
  readonly key: string;
  /** How many heartbeats the latency is judged by, spread over ten sessions. Default: 200. */
  readonly heartbeats?: number | undefined;
  /**
   * How a silent session is to be found. `schedule`, the default, waits until the service does so by itself; `request`
   * asks it to look as soon as the threshold has passed; `skip` leaves it unverified.
   */
  readonly stall?: 'schedule' | 'request' | 'skip' | undefined;
  /** Sessions that beat as long as real ones: ten for two minutes, one for five. `skip` leaves it unverified. */
  readonly pulse?: 'full' | 'skip' | undefined;
  /** Whether http:// must lead to https://. `skip` is for an address that has nothing on http://. */
  readonly redirect?: 'full' | 'skip' | undefined;
  /** For each request. Default: 30,000, which is more than any request may take. */
  readonly timeoutMs?: number | undefined;
  /** Ends the run; what it stored is removed all the same. */
  readonly signal?: AbortSignal | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly certificateEnd?: CertificateEnd | undefined;
  readonly time?: Time | undefined;
  readonly makeId?: (() => string) | undefined;
  /** Called after each check. */
  readonly onCheck?: ((result: CheckResult) => void) | undefined;
  /** Called with what a run is waiting for. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

export type Settings = { readonly [Name in keyof VerifyOptions]-?: Exclude<VerifyOptions[Name], undefined> };

export function settingsOf(options: VerifyOptions): Settings {
  return {
    url: options.url.replace(/\/+$/, ''),
    key: options.key,
    heartbeats: options.heartbeats ?? 200,
    stall: options.stall ?? 'schedule',
    pulse: options.pulse ?? 'full',
    redirect: options.redirect ?? 'full',
    timeoutMs: options.timeoutMs ?? 30_000,
    signal: options.signal ?? new AbortController().signal,
    fetch: options.fetch ?? fetch,
    certificateEnd: options.certificateEnd ?? certificateEnd,
    time: options.time ?? systemTime,
    makeId: options.makeId ?? (() => crypto.randomUUID()),
    onCheck: options.onCheck ?? (() => undefined),
    onProgress: options.onProgress ?? (() => undefined),
  };
}
