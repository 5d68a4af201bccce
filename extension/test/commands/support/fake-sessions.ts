import type { Session } from '@claude-projects/shared/client';
import type { SessionsTree, SessionsView } from '../../../src/commands/sessions-view.ts';
import { Emitter } from '../../../src/platform/emitter.ts';
import type { Learned } from '../../../src/sessions/learned.ts';

export class FakeSessions implements SessionsView {
  list: readonly Session[] = [];
  refreshed = 0;
  readonly learned: Learned[] = [];
  /** What a refresh brings. */
  afterRefresh: readonly Session[] | undefined;
  readonly #changed = new Emitter<void>((error) => {
    throw error;
  });
  readonly onDidChange = this.#changed.event;

  all(): readonly Session[] {
    return this.list;
  }

  find(sessionId: string): Session | undefined {
    return this.list.find(({ session_id }) => session_id === sessionId);
  }

  healthOf({ health }: Session): Session['health'] {
    return health;
  }

  async refresh(): Promise<void> {
    this.refreshed += 1;
    if (this.afterRefresh) this.become(...this.afterRefresh);
  }

  /** Where sessions are known that were not read: this window's own. */
  onlyOwn = false;

  get wasRead(): boolean {
    return this.refreshed > 0 || (!this.onlyOwn && this.list.length > 0);
  }

  learn(learned: Learned): void {
    this.learned.push(learned);
  }

  become(...sessions: readonly Session[]): void {
    this.list = sessions;
    this.#changed.fire();
  }
}

export class FakeTree implements SessionsTree {
  filter = '';
  loadedMore = 0;
  readonly revealed: string[] = [];

  setFilter(words: string): void {
    this.filter = words;
  }

  async loadMore(): Promise<void> {
    this.loadedMore += 1;
  }

  async reveal(sessionId: string): Promise<void> {
    this.revealed.push(sessionId);
  }
}

export class FakeDismissals {
  readonly ids = new Set<string>();
  olderOnes: readonly Session[] = [];

  has(sessionId: string): boolean {
    return this.ids.has(sessionId);
  }

  older(): readonly Session[] {
    return this.olderOnes;
  }

  async dismiss(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) this.ids.add(sessionId);
  }

  async restore(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) this.ids.delete(sessionId);
  }
}
