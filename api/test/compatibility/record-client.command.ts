// `node --import ../tools/typescript-loader.ts test/compatibility/record-client.command.ts`, in api/: records what the
// client of this version sends and expects, as recordings/client-<version>.json. To be run once, for each release.
// A recording of a released client is never made again: that client is installed somewhere.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError, CLIENT_VERSION, type ClientAdapter, StateTrackingApiClient } from '@claude-projects/shared/client';
import { ErrorReply, type ReplySchema, ROUTES } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import type { Exchange, Recording } from './recording.ts';

const SESSION = 'a1111111-1111-4111-8111-111111111111';
const OTHER = 'a2222222-2222-4222-8222-222222222222';
const SILENT = 'a3333333-3333-4333-8333-333333333333';
const TASK = 'b1111111-1111-4111-8111-111111111111';
const FAILING = 'b2222222-2222-4222-8222-222222222222';
const NOBODY = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';

/** Calls every route, and causes the refusals that the client handles. */
async function day(client: StateTrackingApiClient): Promise<void> {
  const place = { project_id: 'acme/shop', machine_id: 'workstation', docker_slot: 3 };
  await client.registerMachine({ machine_id: 'workstation', hostname: 'workstation.local', docker_slots: [3, 4] });
  const first = { ...place, session_id: SESSION, metadata: { branch: 'till', depth: { n: [1, null] } } };
  await client.createSession(first);
  await client.createSession(first);
  await refused(client.createSession({ ...place, session_id: OTHER }));
  await refused(client.createSession({ ...place, session_id: SESSION, project_id: 'acme/other' }));
  await client.createTask({ task_id: TASK, session_id: SESSION, project_id: 'acme/shop', task_name: 'build' });
  await client.updateTask(TASK, { session_id: SESSION, status: 'in_progress' });
  await client.sendHeartbeat(SESSION);
  await client.sendHeartbeat(SESSION, {
    activity: 'waiting_for_input',
    activity_detail: 'Ship?',
    current_task_id: TASK,
  });
  await client.updateTask(TASK, { status: 'completed', metadata: { lines: 12 } });
  await refused(client.updateTask(TASK, { status: 'in_progress' }));
  await client.createTask({
    task_id: FAILING,
    session_id: SESSION,
    project_id: 'acme/shop',
    task_name: 'test',
    github_issue_id: '7',
  });
  await client.updateTask(FAILING, { status: 'in_progress' });
  await client.updateTask(FAILING, { status: 'failed', error_message: 'red' });
  await client.getTask(FAILING);
  await client.listTasks({ session_id: SESSION, limit: 200 });
  const { etag } = await client.listSessions({ limit: 100, offset: 0 }, { etag: null });
  await client.listSessions({ limit: 100, offset: 0 }, { etag });
  await client.listSessions({ status: 'active', archived: 'false', updated_since: '2026-01-01T00:00:00.000Z' });
  await client.getSession(SESSION);
  await client.getSessionHealth(SESSION);
  await client.updateSession(SESSION, { activity: 'working', activity_detail: null, metadata: { branch: 'main' } });
  await client.summarizeSessionHealth();
  await client.detectFailures();
  await client.listMachines({ status: 'online' });
  await client.getMachine('workstation');
  await client.updateMachine('workstation', { status: 'maintenance', metadata: { rack: 2 } });
  await client.sendMachineHeartbeat('workstation');
  await refused(client.deleteMachine('workstation'));
  await client.markSessionFailed(SESSION, { error_message: 'its disk died' });
  await client.getRecoveryState(SESSION);
  await client.prepareRecovery(SESSION);
  await client.recoverSession(SESSION, { new_machine_id: 'workstation', docker_slot: 4 });
  await client.recoverSession(SESSION, { new_machine_id: 'workstation', docker_slot: 4, force: true });
  await refused(client.sendHeartbeat(SESSION));
  await client.createSession({ session_id: SILENT, project_id: 'acme/till', machine_id: 'laptop' });
  await client.markSessionStalled(SILENT, {});
  await client.listStalledSessions({ limit: 10 });
  await client.updateSession(SILENT, { status: 'completed' });
  await refused(client.recoverSession(SILENT, { new_machine_id: 'laptop' }));
  await client.archiveSession(SILENT);
  await client.listArchivedSessions({ limit: 10 });
  await client.deleteSession(SILENT);
  await client.deleteTask(FAILING);
  await client.registerMachine({ machine_id: 'laptop', hostname: 'laptop.local', docker_slots: [] });
  await client.deleteMachine('laptop');
  await client.cleanupSessions({ older_than_days: 30 });
  await client.deleteOldSessions({ older_than_days: 30 });
  await refused(client.getSession(NOBODY));
  await refused(client.getTask(NOBODY));
  await refused(client.createTask({ session_id: SESSION, project_id: 'acme/shop', task_name: 'x'.repeat(501) }));
  await client.getStats({ since: '2026-01-01T00:00:00Z' });
  await client.getHealth();
  await client.getLiveness();
  await client.getReadiness();
  await client.getDetailedHealth();
  await client.getMetrics();
  await client.getOpenApi();
  await client.getDocsPage();
}

async function refused(call: Promise<unknown>): Promise<void> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ApiError)) throw new Error('It was to be refused', { cause: error });
}

const record = async (api: TestApi): Promise<Recording> => {
  const exchanges: Exchange[] = [];
  const schemas: Recording['schemas'] = {};
  const expect = (schema: ReplySchema): string | null => {
    if (schema === null || schema === 'text') return null;
    const {
      $defs = {},
      $schema: _,
      ...root
    } = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        delete jsonSchema.description;
      },
    });
    const name = z.globalRegistry.get(schema)?.id ?? 'OpenApiDocument';
    Object.assign(schemas, root.$ref === undefined && { [name]: root }, $defs);
    return name;
  };
  let etag: string | null = null;
  const adapter: ClientAdapter = async (config) => {
    const { method = 'get', url = '' } = config;
    const data: unknown = config.data;
    const body = typeof data === 'string' ? data : null;
    const headers = Object.fromEntries(
      Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)]),
    );
    const reply = await fetch(url, { method: method.toUpperCase(), headers, ...(body !== null && { body }) });
    const text = await reply.text();
    const path = url.slice(api.url.length);
    const [route, agreed] = routeOf(method.toUpperCase(), path);
    const isError = reply.status >= 400;
    const schema: ReplySchema = isError ? ErrorReply : (agreed[reply.status] ?? null);
    const sent = Object.entries(headers).filter(([name, value]) => KEPT.has(name.toLowerCase()) && value !== 'false');
    exchanges.push({
      route,
      method: method.toUpperCase(),
      path,
      headers: Object.fromEntries(
        sent.map(([name, value]) => [name, value === etag ? '{etag}' : value.replace(api.key, '{key}')]),
      ),
      body,
      status: reply.status,
      expects: expect(schema),
      code: isError ? ErrorReply.parse(JSON.parse(text)).code : null,
    });
    etag = reply.headers.get('etag');
    return { data: text, status: reply.status, statusText: '', headers: Object.fromEntries(reply.headers), config };
  };
  await day(new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key, retries: 0, adapter }));
  const missing = Object.keys(ROUTES).filter((name) => exchanges.every(({ route }) => route !== name));
  if (missing.length > 0) throw new Error(`Not recorded: ${missing.join(', ')}`);
  return { client: CLIENT_VERSION, exchanges, schemas };
};

const KEPT = new Set(['authorization', 'accept', 'content-type', 'if-none-match', 'user-agent']);

function routeOf(method: string, path: string): [string, Readonly<Record<number, ReplySchema>>] {
  const [pathname = ''] = path.split('?');
  // Fixed paths come before paths with parameters, as in a router.
  const routes = Object.entries(ROUTES).sort(([, a], [, b]) => a.path.split(':').length - b.path.split(':').length);
  const found = routes.find(
    ([, route]) => route.method === method && new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname),
  );
  if (!found) throw new Error(`No route has ${method} ${path}`);
  return [found[0], found[1].replies];
}

const file = join(import.meta.dirname, 'recordings', `client-${CLIENT_VERSION}.json`);
if (existsSync(file)) throw new Error(`${file} is there already: a released client does not change`);
const api = await startTestApi();
try {
  await writeFile(file, `${JSON.stringify(await record(api), null, 2)}\n`);
} finally {
  await api.close();
}
