import { createHash } from 'node:crypto';
import {
  type ClientAdapter,
  NotFoundError,
  type Session,
  StateTrackingApiClient,
  type Task,
} from '@claude-projects/shared/client';
import type { MakeClient } from '../../../src/connection/api-connection.ts';
import { noSuchSession } from '../../support/errors.ts';
import { sampleSession } from '../../support/sample-session.ts';

/** Reads sessions and tasks as the API does, from memory. Whatever else it is asked fails. */
export class MemoryApi {
  sessions: Session[] = [];
  tasks: Task[] = [];
  stallThresholdMs = 180_000;
  /** As in `200 /api/sessions?status=active`, without the page where it is the first. */
  readonly answered: string[] = [];
  /** Thrown instead of an answer. */
  failure: (() => Error) | undefined;
  /** The reply to a heartbeat. */
  beats: (() => Session) | undefined;
  /** Waited for before each answer. */
  gate: Promise<void> = Promise.resolve();
  /** Runs just before each answer. */
  meanwhile: (line: string) => void = () => undefined;

  takeAnswered(): string[] {
    return this.answered.splice(0);
  }

  put(...sessions: Session[]): void {
    const ids = new Set(sessions.map(({ session_id }) => session_id));
    this.sessions = [...sessions, ...this.sessions.filter(({ session_id }) => !ids.has(session_id))];
  }

  change(sessionId: string, changes: Partial<Session>): Session {
    const before = this.sessions.find(({ session_id }) => session_id === sessionId);
    const after = sampleSession({ ...before, ...changes });
    this.put(after);
    return after;
  }

  delete(sessionId: string): void {
    this.sessions = this.sessions.filter(({ session_id }) => session_id !== sessionId);
  }

  readonly makeClient: MakeClient = ({ address, apiKey }, signal) =>
    new StateTrackingApiClient({ baseUrl: address.baseUrl, apiKey, signal, retries: 0, adapter: this.#adapter });

  readonly #adapter: Exclude<ClientAdapter, 'fetch'> = async (config) => {
    const url = new URL(config.url ?? '');
    const line = lineOf(url);
    await this.gate;
    this.meanwhile(line);
    if (this.failure) {
      this.answered.push(`failed ${line}`);
      throw this.failure();
    }
    const text = JSON.stringify(this.#answer(url));
    const etag = `W/"${createHash('sha1').update(text).digest('base64url')}"`;
    const status = config.headers.get('If-None-Match') === etag ? 304 : 200;
    this.answered.push(`${status} ${line}`);
    return { data: status === 304 ? '' : text, status, statusText: '', headers: { etag }, config };
  };

  #answer({ pathname, searchParams }: URL): unknown {
    if (this.beats && pathname.endsWith('/heartbeat')) return this.beats();
    const limit = Number(searchParams.get('limit'));
    const offset = Number(searchParams.get('offset') ?? 0);
    const page = <T>(found: readonly T[]) => found.slice(offset, offset + limit);
    switch (pathname) {
      case '/health':
        return {
          status: 'ok',
          service: 'claude-projects',
          version: '1',
          uptime: 1,
          timestamp: '2026-03-01T09:00:00.000Z',
        };
      case '/api/sessions': {
        const found = this.#matching(searchParams);
        return { sessions: page(found), total: found.length, limit, offset };
      }
      case '/api/sessions/stalled':
        return { stalled_sessions: [], stall_threshold_ms: this.stallThresholdMs, total: 0, limit, offset };
      case '/api/tasks': {
        const found = this.tasks.filter(
          ({ session_id, status }) =>
            isWanted(searchParams, 'session_id', session_id) && isWanted(searchParams, 'status', status),
        );
        return { tasks: page(found), total: found.length, limit, offset };
      }
      default:
        if (pathname.startsWith('/api/tasks/')) return this.#task(pathname.slice('/api/tasks/'.length));
        return this.#sessionAt(pathname);
    }
  }

  #sessionAt(pathname: string): Session {
    const [, sessionId] = /^\/api\/sessions\/([^/]+)$/.exec(pathname) ?? [];
    if (sessionId === undefined) throw new Error(`No test scripted ${pathname}`);
    const found = this.sessions.find(({ session_id }) => session_id === sessionId);
    if (!found) throw noSuchSession();
    return found;
  }

  #task(taskId: string): Task {
    const found = this.tasks.find(({ task_id }) => task_id === taskId);
    if (found) return found;
    throw new NotFoundError('no such task', { code: 'TASK_NOT_FOUND', status: 404 });
  }

  #matching(query: URLSearchParams): readonly Session[] {
    const since = query.get('updated_since') ?? '';
    return this.sessions
      .filter(
        ({ status, archived_at, updated_at }) =>
          isWanted(query, 'status', status) &&
          isWanted(query, 'archived', String(archived_at !== null)) &&
          updated_at >= since,
      )
      .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.session_id.localeCompare(a.session_id));
  }
}

function isWanted(query: URLSearchParams, name: string, value: string): boolean {
  return query.get(name) === null || query.get(name) === value;
}

function lineOf({ pathname, searchParams }: URL): string {
  const query = [...searchParams].filter(([name, value]) => name !== 'limit' && !(name === 'offset' && value === '0'));
  const text = query.map(([name, value]) => (name === 'updated_since' ? name : `${name}=${value}`)).join('&');
  return text === '' ? pathname : `${pathname}?${text}`;
}
