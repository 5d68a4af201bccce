import type { CreateSessionInput, Session, StateTrackingApiClient, Task } from '../../shared/src/client/index.ts';
import { clientOver } from './client-over-wire.ts';
import type { Settings } from './options.ts';
import type { Latency } from './report.ts';
import { TestData } from './test-data.ts';
import { type Outgoing, Wire } from './wire.ts';

/** What the checks of one run share. */
export class RunContext {
  readonly settings: Settings;
  readonly data: TestData;
  readonly wire: Wire;
  readonly client: StateTrackingApiClient;
  readonly latencies: Latency[] = [];

  constructor(settings: Settings) {
    this.settings = settings;
    this.data = new TestData(settings.makeId);
    this.wire = new Wire({ ...settings, progress: settings.onProgress });
    this.client = clientOver(this.wire, settings.url, settings.key);
  }

  /** The same without its end: removes what an interrupted run has stored. */
  get removal(): { readonly client: StateTrackingApiClient; readonly data: TestData } {
    const { settings } = this;
    const wire = new Wire({ ...settings, signal: new AbortController().signal, progress: settings.onProgress });
    return { client: clientOver(wire, settings.url, settings.key), data: this.data };
  }

  /** A request that no client would send. */
  send(outgoing: Omit<Outgoing, 'url'> & { readonly path: string }) {
    const { path, ...rest } = outgoing;
    return this.wire.send({ ...rest, url: this.settings.url + path });
  }

  sleep(ms: number): Promise<void> {
    return this.settings.time.sleep(ms, this.settings.signal);
  }

  /** On a machine of its own unless told which, so that no other session is in its way. */
  createSession(what: string, input: Partial<CreateSessionInput> = {}): Promise<Session> {
    return this.client.createSession({
      session_id: this.data.newSessionId(),
      project_id: this.data.projectId,
      machine_id: this.data.machineName(what),
      ...input,
    });
  }

  createTask(session: Session, name: string): Promise<Task> {
    return this.client.createTask({
      task_id: this.data.unusedId(),
      session_id: session.session_id,
      project_id: session.project_id,
      task_name: name,
    });
  }
}
