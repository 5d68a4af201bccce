import { LIMITS } from '../../../shared/src/contract/index.ts';
import { expect, messageOf } from '../failures.ts';
import type { RunContext } from '../run-context.ts';

/** Apart enough for two heartbeats of one session to differ in time on any server. */
const APART_MS = 50;

/** Sessions that live at the same time. */
export class SessionGroup {
  readonly #run: RunContext;
  /** When each session was last heard, as the server keeps it. */
  readonly #heardAt: Map<string, string>;

  private constructor(run: RunContext, heardAt: Map<string, string>) {
    this.#run = run;
    this.#heardAt = heardAt;
  }

  static async create(run: RunContext, what: string, size: number): Promise<SessionGroup> {
    const names = Array.from({ length: size }, (_, index) => `${what}-${index}`);
    const created = await all(names.map((name) => run.createSession(name)));
    return new SessionGroup(
      run,
      new Map(created.map(({ session_id, last_heartbeat }) => [session_id, last_heartbeat])),
    );
  }

  /** One heartbeat of each at once. Then one list says of every heartbeat whether it was kept. */
  async beat(): Promise<void> {
    const { client, data } = this.#run;
    const ids = [...this.#heardAt.keys()];
    await this.#run.sleep(APART_MS);
    await all(ids.map((id) => client.sendHeartbeat(id)));
    const active = { project_id: data.projectId, status: 'active', limit: LIMITS.sessionsPerPage } as const;
    const { sessions } = await client.listSessions(active);
    const heardAt = new Map(sessions.map(({ session_id, last_heartbeat }) => [session_id, last_heartbeat]));
    const lost = ids.filter((id) => (heardAt.get(id) ?? '') <= (this.#heardAt.get(id) ?? ''));
    expect(lost.length === 0, `${lost.length} of ${ids.length} heartbeats were acknowledged and not kept`);
    for (const id of ids) this.#heardAt.set(id, heardAt.get(id) ?? '');
  }

  async complete(): Promise<void> {
    const { client } = this.#run;
    await all([...this.#heardAt.keys()].map((id) => client.updateSession(id, { status: 'completed' })));
  }
}

/** Waits for all of them, whatever becomes of one: what is on its way when a check ends could not be removed. */
async function all<Value>(calls: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(calls);
  const failed = settled.filter((call) => call.status === 'rejected');
  const [first] = failed;
  expect(!first, `${failed.length} of ${calls.length} sessions met an error; the first: ${messageOf(first?.reason)}`);
  return settled.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
}
