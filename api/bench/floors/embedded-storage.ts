import { readConfiguration } from '../../src/config/configuration.ts';
import { toSession } from '../../src/sessions/session-replies.ts';
import { openStorage } from '../../src/storage/open-storage.ts';

/** What both floors over the embedded engine do: the API's storage call and its reply, and nothing around them. */
export const configuration = readConfiguration(process.env);
const storage = await openStorage(configuration);
process.once('SIGTERM', () => void storage.close().then(() => process.exit(0)));

export interface Beat {
  activity?: 'working';
}

export function toBeat(body: unknown): Beat {
  const working = typeof body === 'object' && body !== null && 'activity' in body && body.activity === 'working';
  return working ? { activity: 'working' } : {};
}

export async function heartbeat(sessionId: string, { activity }: Beat) {
  const record = await storage.sessions.heartbeat(sessionId, { at: new Date(), activity });
  return record && toSession(record, new Date(), configuration.stallThresholdMs);
}

export async function list(limit: number) {
  const { records, total } = await storage.sessions.list({}, { limit, offset: 0 });
  const now = new Date();
  const sessions = records.map((record) => toSession(record, now, configuration.stallThresholdMs));
  return { sessions, total, limit, offset: 0 };
}
