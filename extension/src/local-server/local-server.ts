import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { ServerEndpoint } from './endpoint.ts';
import { EXIT } from './exit-codes.ts';
import { LocalServerError, needsPerson } from './local-server-error.ts';
import type { LocalServerState } from './local-server-state.ts';
import type { ProcessEnd, ServerProcess } from './processes.ts';
import { LONGEST_PAUSE_MS, Restarts } from './restarts.ts';
import type { ReachedServer, ServerLauncher } from './server-launcher.ts';

export interface LocalServerParts {
  readonly launcher: Pick<ServerLauncher, 'find' | 'reach' | 'end'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

interface Attempt {
  readonly outcome: Promise<ServerEndpoint>;
  readonly controller: AbortController;
  /** Nobody in particular waits: it is not given up when everybody who does has left. */
  readonly unasked: boolean;
  waiting: number;
}

type Work = (signal: AbortSignal) => Promise<ReachedServer>;

/**
 * The server that this window shares with all others: found or started when somebody needs it, and started again
 * when it crashed. Whoever disposes of this leaves the server to the other windows.
 */
export class LocalServer implements Disposable {
  readonly #parts: LocalServerParts;
  readonly #changes: Emitter<LocalServerState>;
  readonly #restarts: Restarts;
  #state: LocalServerState = { kind: 'stopped' };
  #endpoint: ServerEndpoint | undefined;
  /** The one that runs, if it was started here. */
  #process: ServerProcess | undefined;
  #attempt: Attempt | undefined;
  #retry: Disposable | undefined;
  #disposed = false;

  constructor(parts: LocalServerParts) {
    this.#parts = parts;
    this.#restarts = new Restarts(parts.clock, parts.random);
    this.#changes = new Emitter((error) => parts.log.error(`A listener of the local server failed: ${String(error)}`));
  }

  get state(): LocalServerState {
    return this.#state;
  }

  get onDidChange(): Event<LocalServerState> {
    return this.#changes.event;
  }

  /**
   * A server that answered when it was found. Rejects with a LocalServerError, at once while a pause after failures
   * lasts; or with the signal's reason, which stops the search if nobody else waits for it.
   */
  async ensure(signal: AbortSignal): Promise<ServerEndpoint> {
    this.#mustBeUsable(signal);
    if (this.#state.kind === 'running' && this.#endpoint) return this.#endpoint;
    if (this.#state.kind === 'failed' && this.#isPausing(this.#state.retryAt)) {
      throw new LocalServerError(this.#state.reason, this.#state.message);
    }
    return this.#join(this.#attempt ?? this.#begin((abort) => this.#parts.launcher.reach(abort)), signal);
  }

  /** Told by whoever called it in vain. `instance` is that of the endpoint used: a late word about an earlier one is nothing new. */
  reportUnreachable(instance?: string): void {
    if (this.#disposed || this.#state.kind !== 'running') return;
    if (instance !== undefined && instance !== this.#state.instance) return;
    this.#unasked(async (signal) => {
      const { launcher } = this.#parts;
      const found = await launcher.find(signal);
      // It may only have been slow; then whoever started it still is who did.
      if (found) return { ...found, process: this.#process };
      return this.#startAgain('The local server does not answer.', signal);
    });
  }

  /** For a person who wants a new one, whatever the present one does. */
  async restart(signal: AbortSignal): Promise<ServerEndpoint> {
    this.#mustBeUsable(signal);
    while (this.#attempt) await this.#attempt.outcome.catch(() => undefined);
    this.#mustBeUsable(signal);
    this.#restarts.reset();
    const { launcher, log } = this.#parts;
    const attempt = this.#begin(async (abort) => {
      const process = this.#process;
      const running = await launcher.find(abort);
      log.info(`Restarting the local server${running ? `, process ${running.pid}` : ''}.`);
      if (running) await launcher.end(running, abort);
      // One that was started here and hangs: it would keep the folder from the next.
      else process?.kill();
      return launcher.reach(abort);
    });
    return this.#join(attempt, signal);
  }

  dispose(): void {
    this.#disposed = true;
    this.#retry?.dispose();
    this.#attempt?.controller.abort();
    this.#process?.stopReading();
    this.#process = undefined;
    this.#endpoint = undefined;
    this.#changes.dispose();
  }

  #mustBeUsable(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.#disposed) throw new LocalServerError('disposed', 'The extension is shutting down.');
  }

  /** A pause longer than any was made by somebody who set the clock back. */
  #isPausing(retryAt: number): boolean {
    const leftMs = retryAt - this.#parts.clock.now();
    return leftMs > 0 && leftMs <= LONGEST_PAUSE_MS;
  }

  #begin(work: Work, unasked = false): Attempt {
    this.#retry?.dispose();
    this.#retry = undefined;
    const controller = new AbortController();
    this.#change({ kind: 'starting' });
    const attempt: Attempt = { controller, unasked, waiting: 0, outcome: this.#outcomeOf(work, controller, unasked) };
    this.#attempt = attempt;
    // Those who wait are told; where nobody does, the state tells.
    attempt.outcome.catch(() => undefined);
    return attempt;
  }

  #unasked(work: Work): void {
    if (this.#attempt === undefined && !this.#disposed) this.#begin(work, true);
  }

  async #join(attempt: Attempt, signal: AbortSignal): Promise<ServerEndpoint> {
    attempt.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener('abort', leave);
    try {
      return await Promise.race([attempt.outcome, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      attempt.waiting -= 1;
      if (attempt.waiting === 0 && !attempt.unasked && this.#attempt === attempt) this.#giveUp(attempt);
    }
  }

  /** Whoever asks next begins anew, and does not wait for this one to notice. */
  #giveUp(attempt: Attempt): void {
    this.#attempt = undefined;
    attempt.controller.abort();
    this.#change({ kind: 'stopped' });
  }

  async #outcomeOf(work: Work, { signal }: AbortController, unasked: boolean): Promise<ServerEndpoint> {
    // Not before the attempt is known as the present one.
    await Promise.resolve();
    try {
      const reached = await work(signal);
      signal.throwIfAborted();
      this.#attempt = undefined;
      return this.#use(reached);
    } catch (error) {
      if (!signal.aborted) {
        this.#attempt = undefined;
        this.#fail(error, unasked);
      }
      throw error;
    }
  }

  #use({ endpoint, version, pid, process }: ReachedServer): ServerEndpoint {
    const { instance, baseUrl } = endpoint;
    if (this.#endpoint?.instance !== instance) {
      this.#restarts.running();
      this.#parts.log.info(
        `Using the local server ${version} at ${baseUrl}, process ${pid}${process ? ', started here' : ''}.`,
      );
      void process?.ended.then((end) => this.#ended(instance, end));
    }
    this.#endpoint = endpoint;
    this.#process = process;
    this.#change({ kind: 'running', baseUrl, version, instance });
    return endpoint;
  }

  #ended(instance: string, { code }: ProcessEnd): void {
    if (this.#disposed || this.#state.kind !== 'running' || this.#state.instance !== instance) return;
    this.#process = undefined;
    if (code === EXIT.done) {
      this.#parts.log.info('The local server ended in order.');
      this.#endpoint = undefined;
      this.#change({ kind: 'stopped' });
      return;
    }
    const reason = `The local server ended unexpectedly (${code === null ? 'killed' : `exit code ${code}`}).`;
    this.#unasked((signal) => this.#startAgain(reason, signal));
  }

  async #startAgain(reason: string, signal: AbortSignal): Promise<ReachedServer> {
    const pauseMs = this.#restarts.failed();
    this.#parts.log.warn(`${reason} Starting it again${pauseMs === 0 ? '' : ` in ${pauseMs} ms`}.`);
    this.#endpoint = undefined;
    this.#process = undefined;
    if (pauseMs > 0) throw new Postponed(reason, pauseMs);
    return this.#parts.launcher.reach(signal);
  }

  #fail(error: unknown, unasked: boolean): void {
    const { clock, log } = this.#parts;
    const failure = error instanceof LocalServerError ? error : new LocalServerError('not-started', String(error));
    const pauseMs = failure instanceof Postponed ? failure.pauseMs : this.#restarts.failed();
    this.#endpoint = undefined;
    if (!(failure instanceof Postponed)) log.warn(failure.message);
    // What ran before is wanted back; what was asked for and failed is tried again when somebody asks again.
    if (unasked && !needsPerson(failure.kind)) {
      this.#retry = clock.after(pauseMs, () => this.#unasked((signal) => this.#parts.launcher.reach(signal)));
    }
    this.#change({
      kind: 'failed',
      reason: failure.kind,
      message: failure.message,
      retryAt: clock.now() + pauseMs,
    });
  }

  #change(state: LocalServerState): void {
    if (this.#disposed) return;
    this.#state = state;
    this.#changes.fire(state);
  }
}

/** It crashes again and again: the next start is left to a timer. */
class Postponed extends LocalServerError {
  readonly pauseMs: number;

  constructor(reason: string, pauseMs: number) {
    super('ended', `${reason} It is started again in ${Math.ceil(pauseMs / 1000)} s.`);
    this.pauseMs = pauseMs;
  }
}
