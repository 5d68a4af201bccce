import { HEADERS } from '../../shared/src/contract/index.ts';
import { InterruptedError } from './failures.ts';
import { noReply } from './no-reply.ts';
import { describeDuration, type Time } from './time.ts';

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One request that was answered, as long as it took without any waiting for a rate limit. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface WireParts {
  readonly key: string;
  readonly fetch: typeof fetch;
  readonly time: Time;
  readonly timeoutMs: number;
  /** Once it aborts nothing more is sent. What is under way ends by itself: nobody would know what became of it. */
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Longer than any minute's budget lasts: who asks for more has another reason than the rate limit. */
const LONGEST_WAIT_MS = 120_000;
const MOST_WAITS = 5;

/** Everything that a run sends goes through here: it is timed, waits for rate limits, and is watched for the key. */
export class Wire {
  readonly #parts: WireParts;
  readonly #exchanges: Exchange[] = [];
  readonly #leaks: string[] = [];
  #cameThroughGateway = false;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** The requests whose replies held the key. */
  get leaks(): readonly string[] {
    return this.#leaks;
  }

  /** Whether a reply had what API Gateway adds to each. */
  get cameThroughGateway(): boolean {
    return this.#cameThroughGateway;
  }

  async send(outgoing: Outgoing): Promise<Incoming> {
    for (let waits = 0; ; waits++) {
      const incoming = await this.#sendOnce(outgoing);
      const waitMs = incoming.status === 429 && waits < MOST_WAITS ? askedToWaitMs(incoming.headers) : undefined;
      if (waitMs === undefined) return incoming;
      this.#parts.progress(`The rate limit is reached: waiting ${describeDuration(waitMs)}`);
      await this.#parts.time.sleep(waitMs, this.#parts.signal);
    }
  }

  async #sendOnce({ method, url, headers = {}, body }: Outgoing): Promise<Incoming> {
    const { signal, time, timeoutMs } = this.#parts;
    if (signal.aborted) throw new InterruptedError('interrupted');
    const path = new URL(url).pathname;
    const startedAt = time.nowMs();
    const incoming = await this.#fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    this.#exchanges.push({ method, path, status: incoming.status, durationMs: time.nowMs() - startedAt });
    if (incoming.headers.has('apigw-requestid')) this.#cameThroughGateway = true;
    if (this.#holdsKey(incoming)) this.#leaks.push(`${method} ${path}`);
    return incoming;
  }

  async #fetch(url: string, init: RequestInit): Promise<Incoming> {
    try {
      const reply = await this.#parts.fetch(url, init);
      return { status: reply.status, headers: reply.headers, text: await reply.text() };
    } catch (error) {
      throw noReply(error, new URL(url), this.#parts.timeoutMs);
    }
  }

  #holdsKey({ headers, text }: Incoming): boolean {
    const key = this.#parts.key.toLowerCase();
    return [text, ...headers.values()].some((part) => part.toLowerCase().includes(key));
  }
}

function askedToWaitMs(headers: Headers): number | undefined {
  const seconds = headers.get(HEADERS.retryAfter) ?? '';
  if (!/^\d{1,6}$/.test(seconds)) return undefined;
  // A moment more: the server rounds, and timers may fire early.
  const ms = Number(seconds) * 1000 + 100;
  return ms <= LONGEST_WAIT_MS ? ms : undefined;
}
