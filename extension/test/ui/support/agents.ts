import { StateTrackingApiClient } from '@claude-projects/shared/client';
import type { LiveApi } from '../../workbench/api/live-api.ts';
import { MACHINE } from './team.ts';

const MINUTE = 60_000;

/** The labels of the sessions. */
export const AGENTS = {
  stalled: 'Refund single items of an order',
  waiting: 'Add a coupon field to the checkout',
  working: 'Rank the search results by what people buy',
} as const;

/** Three agents of one project, each in a worktree of its own: one waits, one works, one has fallen silent. */
export async function seedAgents(api: LiveApi): Promise<void> {
  await api.earlier(17 * MINUTE, async (url) => {
    const client = new StateTrackingApiClient({ baseUrl: url, apiKey: api.key });
    const { session_id } = await client.createSession(agent(1, AGENTS.stalled, 'refunds'));
    const { task_id } = await client.createTask({
      session_id,
      project_id: 'acme/shop',
      task_name: 'Pay back one item',
    });
    await client.updateTask(task_id, { status: 'in_progress' });
    await client.sendHeartbeat(session_id, { current_task_id: task_id });
  });
  let ids: readonly string[] = [];
  await api.earlier(12 * MINUTE, async (url) => {
    const client = new StateTrackingApiClient({ baseUrl: url, apiKey: api.key });
    const waiting = await client.createSession(agent(2, AGENTS.waiting, 'coupons'));
    const working = await client.createSession(agent(3, AGENTS.working, 'search'));
    ids = [waiting.session_id, working.session_id];
  });
  const [waiting = '', working = ''] = ids;
  const client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key });
  const activity = { activity: 'waiting_for_input', activity_detail: 'May I run npm test?' } as const;
  await client.sendHeartbeat(waiting, activity);
  await client.sendHeartbeat(working, { activity: 'working' });
}

function agent(docker_slot: number, title: string, name: string) {
  const metadata = { title, branch: `feature/${name}`, worktree: `shop-${name}` };
  return { project_id: 'acme/shop', machine_id: MACHINE, docker_slot, metadata };
}
