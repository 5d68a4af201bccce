import { randomUUID } from 'node:crypto';
import { startTestApi } from '../../support/test-api.ts';
import { openTestStorage } from '../../support/test-storage.ts';
import { startApiBehindProxy } from './api-behind-proxy.ts';

/**
 * Uses the whole API, has it time out, closes it, and calls nothing that ends a process: whatever was left open,
 * a socket or a timer, keeps this one alive, and the line that says otherwise is never printed.
 */
async function use(call: (path: string) => Promise<{ status: number }>): Promise<void> {
  const paths = ['/health', '/health/ready', '/api/sessions', `/api/sessions/${randomUUID()}`];
  const replies = await Promise.all(Array.from({ length: 40 }, (_, index) => call(paths[index % 4] ?? '/health')));
  process.stdout.write(`${[...new Set(replies.map(({ status }) => String(status)))].toSorted().join(' ')}\n`);
}

const headers = { Connection: 'close' };

if (process.argv[2] === 'mongodb') {
  const behind = await startApiBehindProxy(500);
  const { api, proxy } = behind;
  const call = (path: string) => api.call('GET', path, undefined, { headers });
  await use(call);
  proxy.hang();
  await use(call);
  await proxy.restore();
  await behind.close();
} else {
  const opened = await openTestStorage();
  const api = await startTestApi({}, { sharedStorage: opened.storage });
  await use((path) => api.call('GET', path, undefined, { headers }));
  await api.close();
  await opened.storage.close();
  await opened.dispose();
}
process.once('beforeExit', () => process.stdout.write('nothing left\n'));
