import { LIMITS } from '../../../shared/src/contract/index.ts';
import { expect, messageOf } from '../failures.ts';
import type { RunContext } from '../run-context.ts';

/** Long enough for two heartbeats of one session to have different times on any server. */
const APART_MS = 50;

/** Sessions that run at the same time. */
export class SessionGroup {
  readonly #run: RunContext;
  /** The last heartbeat of each session, as stored by the server. */
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

  /** Sends one heartbeat for each session at once. Then one list shows whether each heartbeat was stored. */
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

/** Waits for all calls even if one fails: what is created after a check has ended cannot be removed. */
async function all<Value>(calls: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(calls);
  const failed = settled.filter((call) => call.status === 'rejected');
  const [first] = failed;
  expect(!first, `${failed.length} of ${calls.length} sessions met an error; the first: ${messageOf(first?.reason)}`);
  return settled.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
}
