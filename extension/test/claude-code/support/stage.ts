import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Session, StateTrackingApiClient, type Task } from '@claude-projects/shared/client';
import { eventually } from '../../lifecycle/journals/support/eventually.ts';
import { FlakyLine } from '../../lifecycle/journals/support/flaky-line.ts';
import { type RealApi, startRealApi } from '../../lifecycle/journals/support/real-api.ts';
import { FakeClock, SECOND } from '../../support/fake-clock.ts';
import { Claude, type ClaudeOptions } from './claude.ts';
import { OpenWindow, type WindowOptions } from './open-window.ts';

/** A machine with an API, windows of an editor and processes of Claude Code. */
export class Stage {
  readonly clock = new FakeClock();
  readonly client: StateTrackingApiClient;
  readonly line: FlakyLine;
  readonly folder: string;
  readonly storage: string;
  readonly #root: string;
  readonly #hook: string;
  readonly #api: RealApi;
  readonly #baseUrl: string;
  readonly #state = new Map<string, unknown>();
  #windows: OpenWindow[] = [];
  readonly #claudes: Claude[] = [];

  private constructor(root: string, hook: string, api: RealApi, line: FlakyLine, baseUrl: string) {
    this.#root = root;
    this.#hook = hook;
    this.#api = api;
    this.line = line;
    this.#baseUrl = baseUrl;
    this.client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key, retries: 0 });
    // As awkward as they may be for a shell.
    this.folder = join(root, 'our shop');
    this.storage = join(root, `the editor's $storage "here"`);
    mkdirSync(this.folder);
  }

  static async set(root: string, hook: string): Promise<Stage> {
    const api = await startRealApi();
    const line = new FlakyLine(api.url);
    return new Stage(root, hook, api, line, await line.open());
  }

  async clear(): Promise<void> {
    for (const claude of this.#claudes) await claude.crash();
    for (const window of this.#windows) await window.close();
    await this.line.close();
    await this.#api.close();
  }

  open(options: Partial<WindowOptions> = {}): OpenWindow {
    const window = new OpenWindow({
      clock: this.clock,
      state: this.#state,
      folder: this.folder,
      storage: this.storage,
      hook: this.#hook,
      home: join(this.#root, 'home'),
      api: { baseUrl: this.#baseUrl, apiKey: this.#api.key },
      ...options,
    });
    this.#windows.push(window);
    return window;
  }

  async openConnected(): Promise<OpenWindow> {
    const window = this.open();
    await window.connect();
    return window;
  }

  async close(window: OpenWindow): Promise<void> {
    this.#windows = this.#windows.filter((other) => other !== window);
    await window.close();
  }

  async startClaude(options: Partial<ClaudeOptions> = {}): Promise<Claude> {
    const claude = await Claude.start({ cwd: this.folder, ...options });
    this.#claudes.push(claude);
    return claude;
  }

  /** In the order in which they began. */
  async sessions(): Promise<readonly Session[]> {
    const { sessions } = await this.client.listSessions({ limit: 50 });
    return sessions.toSorted((a, b) => a.started_at.localeCompare(b.started_at));
  }

  async tasksOf({ session_id }: Session): Promise<readonly Task[]> {
    return (await this.client.listTasks({ session_id, limit: 50 })).tasks;
  }

  /** What the API holds, in short: `active working`, or `failed: why`. */
  async held(): Promise<readonly string[]> {
    return (await this.sessions()).map(({ status, activity, error_message }) =>
      status === 'active'
        ? `${status} ${activity}`
        : [status, error_message].filter((part) => part !== null).join(': '),
    );
  }

  untilHeld(expected: readonly string[], meanwhile?: () => Promise<void>): Promise<void> {
    return this.#until(expected, () => this.held(), meanwhile);
  }

  /** Of the session that began last. */
  untilTasks(expected: readonly string[]): Promise<void> {
    return this.#until(expected, async () => {
      const last = (await this.sessions()).at(-1);
      return last ? (await this.tasksOf(last)).map(({ task_name, status }) => `${task_name}: ${status}`) : [];
    });
  }

  /** Slowly enough for a real API to answer in time. */
  async passTime(): Promise<void> {
    await setTimeout(20);
    await this.clock.advance(SECOND);
  }

  get logs(): string {
    return this.#windows.flatMap(({ log }) => log.lines).join('\n');
  }

  async #until(
    expected: readonly string[],
    look: () => Promise<readonly string[]>,
    // The inbox is watched; processes are looked at as time passes.
    meanwhile: () => Promise<void> = () => this.passTime(),
  ): Promise<void> {
    let seen: readonly string[] = [];
    await eventually(
      async () => {
        seen = await look();
        return JSON.stringify(seen) === JSON.stringify(expected);
      },
      () => `expected ${JSON.stringify(expected)}, found ${JSON.stringify(seen)}\n${this.logs}`,
      meanwhile,
    );
  }
}
