import { type Clock, pause } from '../platform/clock.ts';
import { EXIT } from './exit-codes.ts';
import { findRuntime, type Runtime } from './find-runtime.ts';
import { askToEnd, type Fetch, type KnownServer, recognizeServer } from './known-server.ts';
import { LocalServerError } from './local-server-error.ts';
import type { ProcessEnd, Processes, ServerProcess } from './processes.ts';
import { readServerFile } from './server-file.ts';
import type { ServerFiles } from './server-files.ts';
import { isOlder } from './versions.ts';

export interface ServerLauncherParts {
  /** The bundled API. */
  readonly script: string;
  /** Of the bundled API: an older server makes way for it, a newer one is used as it is. */
  readonly version: string;
  /** Shared by all windows. */
  readonly folder: string;
  readonly execPath: string;
  readonly isElectron: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly startLimitMs: number;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly files: ServerFiles;
  readonly processes: Processes;
}

export interface ReachedServer extends KnownServer {
  /** Where it is one that was started here. */
  readonly process: ServerProcess | undefined;
}

interface Started {
  readonly process: ServerProcess;
  end: ProcessEnd | undefined;
}

const LOOK_PAUSE_MS = 50;
/** Whoever holds the lock is starting or ending: either takes a moment, and each try is a process. */
const TRY_AGAIN = { firstMs: 250, capMs: 2000 };

/** Finds the server of the folder, or starts one: the server's own lock sees to it that only one of many comes up. */
export class ServerLauncher {
  readonly #parts: ServerLauncherParts;
  #runtime: Runtime | undefined;

  constructor(parts: ServerLauncherParts) {
    this.#parts = parts;
  }

  /** The one that answers now, of whatever version. */
  async find(signal: AbortSignal): Promise<KnownServer | undefined> {
    const file = await readServerFile(this.#parts.files, this.#parts.folder);
    return file && recognizeServer(this.#parts, file, signal);
  }

  /** Rejects with a LocalServerError, or with the signal's reason. */
  async reach(signal: AbortSignal): Promise<ReachedServer> {
    const { clock, startLimitMs, version } = this.#parts;
    let deadline = clock.now() + startLimitMs;
    let nextStartAt = clock.now();
    let tryAgainMs = TRY_AGAIN.firstMs;
    let askedToEnd: string | undefined;
    let started: Started | undefined;
    for (;;) {
      const found = await this.find(signal);
      signal.throwIfAborted();
      // The one just started is the newest there is, whatever it calls itself.
      const isNewest = found && (started?.process.pid === found.pid || !isOlder(found.version, version));
      if (isNewest) return withProcess(found, started);
      if (found && found.endpoint.instance !== askedToEnd) {
        askedToEnd = found.endpoint.instance;
        await askToEnd(this.#parts, found, signal);
        // What it has under way may take it as long as a start.
        deadline = clock.now() + startLimitMs;
      } else if (!found && started === undefined && clock.now() >= nextStartAt) {
        started = await this.#start();
      }
      if (started?.end) {
        this.#mustHaveLost(started.end);
        started = undefined;
        nextStartAt = clock.now() + tryAgainMs;
        tryAgainMs = Math.min(TRY_AGAIN.capMs, tryAgainMs * 2);
      }
      if (clock.now() >= deadline) throw this.#tooLate(started);
      await pause(clock, LOOK_PAUSE_MS, signal);
      signal.throwIfAborted();
    }
  }

  /** Ends the one that answers, and does not come back before it is gone, or the time is up. */
  async end(server: KnownServer, signal: AbortSignal): Promise<void> {
    const { clock, startLimitMs } = this.#parts;
    const deadline = clock.now() + startLimitMs;
    await askToEnd(this.#parts, server, signal);
    while (clock.now() < deadline) {
      const found = await this.find(signal);
      signal.throwIfAborted();
      if (found?.endpoint.instance !== server.endpoint.instance) return;
      await pause(clock, LOOK_PAUSE_MS, signal);
    }
  }

  async #start(): Promise<Started> {
    const { folder, files, processes, script, env } = this.#parts;
    try {
      await files.makeFolder(folder);
    } catch {
      throw new LocalServerError(
        'unusable',
        `The folder ${folder} cannot be used: make sure that it can be created, and that you may write to it.`,
      );
    }
    const runtime = await this.#findRuntime();
    const process = processes.start({
      command: runtime.command,
      args: [script],
      // Not the workspace, nor the extension's folder: a process keeps its folder from being removed on some systems.
      cwd: folder,
      env: { ...env, ...runtime.env, CLAUDE_PROJECTS_LOCAL_FOLDER: folder },
    });
    const started: Started = { process, end: undefined };
    void noteEnd(started);
    return started;
  }

  async #findRuntime(): Promise<Runtime> {
    if (this.#runtime) return this.#runtime;
    const search = await findRuntime({ ...this.#parts, cwd: this.#parts.folder });
    if (search.kind === 'missing') throw new LocalServerError('runtime-missing', search.message);
    this.#runtime = search.runtime;
    return search.runtime;
  }

  #mustHaveLost({ code, errors }: ProcessEnd): void {
    // Another has the folder; or this one came up, and somebody ended it at once.
    if (code === EXIT.anotherServes || code === EXIT.done) return;
    if (code === EXIT.unusable) throw new LocalServerError('unusable', errors);
    // The runtime may have been removed since it was found.
    this.#runtime = undefined;
    const said = errors === '' ? '' : ` It said: ${errors}`;
    throw new LocalServerError(
      'not-started',
      `The local server ended while it was starting (${code === null ? 'killed, or never begun' : `exit code ${code}`}).${said}`,
    );
  }

  #tooLate(started: Started | undefined): LocalServerError {
    const { folder, startLimitMs } = this.#parts;
    // One of ours that is merely slow is left to come up: the next try finds it.
    const reason = started
      ? 'Its log, server.log, may say why.'
      : 'Another process has the folder and does not answer: end it, or restart the machine.';
    return new LocalServerError(
      'not-started',
      `The local server in ${folder} did not answer within ${startLimitMs / 1000} s. ${reason}`,
    );
  }
}

async function noteEnd(started: Started): Promise<void> {
  started.end = await started.process.ended;
}

function withProcess(server: KnownServer, started: Started | undefined): ReachedServer {
  started?.process.stopReading();
  return { ...server, process: started?.process.pid === server.pid ? started.process : undefined };
}
