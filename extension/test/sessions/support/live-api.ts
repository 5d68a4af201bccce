import { type ClientAdapter, type Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import { ApiConnection } from '../../../src/connection/api-connection.ts';
import { SessionStore } from '../../../src/sessions/session-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { FakeEndpointSource } from '../../support/scripted-api.ts';

interface TestApi {
  readonly url: string;
  readonly key: string;
  /** The API's own time. */
  readonly clock: { now(): Date; advance(milliseconds: number): void };
  readonly storage: { readonly sessions: { insert(record: object): Promise<void> } };
  close(): Promise<void>;
}

interface TestApiModule {
  startTestApi(overrides: object, parts: object): Promise<TestApi>;
}

/**
 * The real API over its embedded store in this process, and a store of sessions over it. Both live by one clock. Loaded
 * by a path that the type checker does not follow: the API is compiled under settings of its own.
 */
export class LiveStore {
  /** As in `200 /api/sessions?status=active`. */
  readonly answered: string[] = [];
  readonly log = new RecordingLog();
  readonly clock: FakeClock;
  readonly connection: ApiConnection;
  readonly store: SessionStore;
  readonly client: StateTrackingApiClient;
  readonly #api: TestApi;

  private constructor(api: TestApi, clock: FakeClock) {
    this.#api = api;
    this.clock = clock;
    const { log } = this;
    const source = new FakeEndpointSource();
    source.endpoint = {
      kind: 'ready',
      address: { mode: 'remote', baseUrl: api.url },
      apiKey: api.key,
      instance: 'the only one',
    };
    this.client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key, retries: 0 });
    this.connection = new ApiConnection({
      source,
      clock,
      log,
      makeClient: ({ address: { baseUrl }, apiKey }, signal) =>
        new StateTrackingApiClient({ baseUrl, apiKey, signal, retries: 0, adapter: this.#recordingAdapter }),
    });
    this.store = new SessionStore({ connection: this.connection, clock, log });
  }

  static async start(): Promise<LiveStore> {
    const path = new URL('../../../../api/test/support/test-api.ts', import.meta.url).href;
    const module: unknown = await import(path);
    if (!isTestApi(module)) throw new TypeError('The test API has moved.');
    const clock = new FakeClock();
    const serverClock = { now: () => new Date(clock.now()) };
    return new LiveStore(await module.startTestApi({}, { clock: serverClock }), clock);
  }

  takeAnswered(): string[] {
    return this.answered.splice(0);
  }

  /** Writes sessions past the API: a thousand of them in no time. */
  async seed(count: number, changes: (index: number) => Partial<Session>): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const at = new Date(this.clock.now() - (index + 1) * 60_000);
      await this.#api.storage.sessions.insert({
        session_id: `seed-${String(index).padStart(5, '0')}`,
        project_id: `project ${index}`,
        machine_id: `machine ${index}`,
        docker_slot: null,
        status: 'completed',
        activity: 'working',
        activity_detail: null,
        current_task_id: null,
        last_heartbeat: at,
        last_progress_at: at,
        started_at: at,
        completed_at: at,
        stalled_at: null,
        returned_at: null,
        archived_at: null,
        error_message: null,
        recovered_from: null,
        recovered_by: null,
        recovery_attempts: 0,
        recovery_prepared_at: null,
        metadata: {},
        next_position: 0,
        created_from: '',
        expires_at: null,
        created_at: at,
        updated_at: at,
        ...changes(index),
      });
    }
  }

  async close(): Promise<void> {
    this.store.dispose();
    this.connection.dispose();
    await this.#api.close();
  }

  readonly #recordingAdapter: Exclude<ClientAdapter, 'fetch'> = async (config) => {
    const url = new URL(config.url ?? '');
    const headers = new Headers();
    for (const [name, value] of Object.entries(config.headers.toJSON())) {
      if (typeof value === 'string') headers.set(name, value);
    }
    const reply = await fetch(url, { method: config.method ?? 'get', headers });
    const text = await reply.text();
    this.answered.push(`${reply.status} ${url.pathname}${url.search.replace(/updated_since=[^&]+/, 'updated_since')}`);
    if (reply.status >= 400) throw new Error(`${reply.status}: ${text}`);
    return { data: text, status: reply.status, statusText: '', headers: Object.fromEntries(reply.headers), config };
  };
}

function isTestApi(module: unknown): module is TestApiModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'startTestApi' in module &&
    typeof module.startTestApi === 'function'
  );
}
