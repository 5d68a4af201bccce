// A team at work on several machines, as it is when somebody opens the view in the morning.
import { type Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import type { LiveApi } from '../../workbench/api/live-api.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The machine of the window. */
export const MACHINE = 'ada-laptop';

type Place = { readonly machine_id: string; readonly docker_slot?: number; readonly occurred_at?: string };
type TaskState = 'completed' | 'in_progress' | 'failed' | 'pending';

const PROVIDER_DOWN = 'The payment provider did not answer.';

/** Three sessions of the team died and wait for somebody; one has ended well. */
export async function seedThePast(api: LiveApi): Promise<void> {
  await api.earlier(25 * MINUTE, async (url) => {
    const past = new Reporter(url, api.key);
    // What ended well may say by itself when that was.
    const when = { occurred_at: new Date(Date.now() - 3 * HOUR).toISOString() };
    const website = await past.session('acme/website', { machine_id: 'build-server', docker_slot: 1, ...when });
    await past.client.updateSession(website.session_id, { status: 'completed', ...when });
    const billing = await past.session('acme/billing', { machine_id: 'build-server', docker_slot: 2 });
    await past.tasks(billing, { 'Import the invoices': 'completed', 'Send the reminders': 'in_progress' });
    await past.client.markSessionFailed(billing.session_id, { error_message: 'No space left on device' });
  });
  await api.earlier(4 * MINUTE, async (url) => {
    const past = new Reporter(url, api.key);
    const shop = await past.session('acme/shop', { machine_id: 'grace-laptop' });
    await past.tasks(shop, {
      'Design the database schema': 'completed',
      'Connect the payment provider': 'failed',
      'Write the checkout': 'in_progress',
      'Write the tests': 'pending',
    });
    const mobile = await past.session('acme/mobile', { machine_id: MACHINE });
    await past.tasks(mobile, { 'Move to the new navigation': 'completed', 'Cache the catalogue': 'in_progress' });
  });
}

/** Those that live. Nobody beats for them but `beat`. */
export class LivingTeam {
  readonly #now: Reporter;
  readonly #alive: Session[] = [];

  constructor(api: LiveApi) {
    this.#now = new Reporter(api.url, api.key);
  }

  async begin(): Promise<void> {
    const orders = await this.#now.session('acme/orders', { machine_id: 'build-server', docker_slot: 3 });
    await this.#now.tasks(orders, { 'Read the old table': 'completed', 'Migrate the orders': 'in_progress' });
    const search = await this.#now.session('acme/search', { machine_id: 'grace-laptop', docker_slot: 1 });
    await this.#now.tasks(search, { 'Rank by relevance': 'in_progress' });
    const docs = await this.#now.session('acme/docs', { machine_id: 'build-server', docker_slot: 4 });
    await this.#now.tasks(docs, { 'Explain the API': 'in_progress' });
    await this.#now.client.updateSession(docs.session_id, {
      activity: 'waiting_for_input',
      activity_detail: 'May I add a dependency?',
    });
    const infra = await this.#now.session('acme/infra', { machine_id: 'grace-laptop', docker_slot: 2 });
    await this.#now.client.updateSession(infra.session_id, { status: 'paused' });
    this.#alive.push(orders, search, docs);
  }

  /** So that none grows late while a test takes its time. */
  async beat(): Promise<void> {
    for (const { session_id } of this.#alive) await this.#now.client.sendHeartbeat(session_id);
  }

  async begins(project: string): Promise<void> {
    await this.#now.session(project, { machine_id: 'build-server' });
  }
}

/** So many that have ended, one every three seconds: on every screen some are a minute older than others. */
export async function seedMany(api: LiveApi, count: number): Promise<void> {
  const client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key });
  const now = Date.now();
  const at = (agoMs: number) => ({ occurred_at: new Date(now - agoMs).toISOString() });
  for (let index = 0; index < count; index += 1) {
    const ended = 3000 * (count - index);
    const { session_id } = await client.createSession({
      project_id: `acme/job-${String(index).padStart(3, '0')}`,
      machine_id: 'build-server',
      ...at(ended + MINUTE),
    });
    await client.updateSession(session_id, { status: 'completed', ...at(ended) });
  }
}

class Reporter {
  readonly client: StateTrackingApiClient;

  constructor(baseUrl: string, apiKey: string) {
    this.client = new StateTrackingApiClient({ baseUrl, apiKey });
  }

  async session(project_id: string, place: Place): Promise<Session> {
    return this.client.createSession({ project_id, ...place });
  }

  async tasks({ session_id, project_id }: Session, tasks: Readonly<Record<string, TaskState>>): Promise<void> {
    for (const [task_name, status] of Object.entries(tasks)) {
      const { task_id } = await this.client.createTask({ session_id, project_id, task_name });
      if (status !== 'pending') await this.client.updateTask(task_id, { status: 'in_progress' });
      if (status === 'completed') await this.client.updateTask(task_id, { status });
      if (status === 'failed') await this.client.updateTask(task_id, { status, error_message: PROVIDER_DOWN });
      if (status === 'in_progress') await this.client.sendHeartbeat(session_id, { current_task_id: task_id });
    }
  }
}
