import type { Session, Task } from '@claude-projects/shared/client';
import { ApiConnection } from '../../../src/connection/api-connection.ts';
import type { SessionChanges } from '../../../src/sessions/session-changes.ts';
import { SessionStore } from '../../../src/sessions/session-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { sampleSession } from '../../support/sample-session.ts';
import { FakeEndpointSource } from '../../support/scripted-api.ts';
import { MemoryApi } from './memory-api.ts';

/** A store over the real connection and the real client; time and the API are the test's. */
export class StoreBench {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly api = new MemoryApi();
  readonly source = new FakeEndpointSource();
  readonly connection: ApiConnection;
  readonly store: SessionStore;
  readonly told: SessionChanges[] = [];

  constructor() {
    const { clock, log, source, api } = this;
    this.connection = new ApiConnection({ source, clock, log, makeClient: api.makeClient });
    this.store = new SessionStore({ connection: this.connection, clock, log });
    this.store.onDidChangeSessions((changes) => this.told.push(changes));
  }

  takeTold(): SessionChanges[] {
    return this.told.splice(0);
  }

  /** A moment so many milliseconds from now, as the API writes it. */
  at(fromNowMs = 0): string {
    return new Date(this.clock.now() + fromNowMs).toISOString();
  }

  /** As if it was written now. */
  session(changes: Partial<Session> = {}): Session {
    const now = this.at();
    return sampleSession({ created_at: now, started_at: now, updated_at: now, last_heartbeat: now, ...changes });
  }

  /** Ended ones, the first the newest, each a minute older than the one before. */
  history(count: number): Session[] {
    return Array.from({ length: count }, (_, index) => {
      const at = this.at(-(index + 1) * 60_000);
      return this.session({ status: 'completed', health: 'ended', created_at: at, updated_at: at, completed_at: at });
    });
  }

  dispose(): void {
    this.store.dispose();
    this.connection.dispose();
  }
}

export function sampleTask(session: Session, changes: Partial<Task> = {}): Task {
  const { session_id, project_id, created_at } = session;
  return {
    task_id: 'dddddddd-dddd-4ddd-8ddd-dddddddddddd',
    session_id,
    project_id,
    github_issue_id: null,
    task_name: 'Write the checkout',
    status: 'in_progress',
    position: 0,
    started_at: created_at,
    completed_at: null,
    error_message: null,
    metadata: {},
    created_at,
    updated_at: created_at,
    ...changes,
  };
}
