import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Server } from '../processes/server.ts';

const Created = z.object({ session_id: z.string() });

/** Starts sessions through the API, as clients would. */
export async function startSessions(server: Server, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const reply = await fetch(`${server.url}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': server.key },
      body: JSON.stringify({ project_id: 'project', machine_id: randomUUID(), metadata: { branch: 'main' } }),
    });
    if (reply.status !== 201) throw new Error(`a session could not be started: ${await reply.text()}`);
    ids.push(Created.parse(await reply.json()).session_id);
  }
  return ids;
}
