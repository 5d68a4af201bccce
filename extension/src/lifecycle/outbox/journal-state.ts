import type { TrackedSession } from '../tracked-session.ts';
import { type Change, isMove, isPlacing, Load } from './change.ts';
import { type Entry, type ForeignEntry, type HeaderEntry, type RefusedEntry, unknownFieldsOf } from './entry.ts';
import type { JournaledTask } from './journaled-task.ts';

export interface Waiting {
  readonly seq: number;
  readonly change: Change;
}

/** Dead letters are for people to look at: the last of them are enough. */
const MAX_REFUSED = 100;

/** What the entries of a journal add up to. */
export class JournalState {
  #session: TrackedSession;
  readonly #tasks = new Map<string, JournaledTask>();
  readonly #waiting = new Map<number, Change>();
  #load = new Load();
  #refused: RefusedEntry[] = [];
  #foreign: ForeignEntry[] = [];
  /** What a newer version wrote into the header. */
  #unknownFields: Readonly<Record<string, unknown>> = {};
  #known = false;
  #home: string | undefined;
  #ended = false;
  #hopeless = false;
  #next = 0;

  constructor(session: TrackedSession) {
    this.#session = session;
  }

  /** Undefined where they do not say which session they are of. */
  static of(entries: readonly (Entry | ForeignEntry)[]): JournalState | undefined {
    const header = entries.find((entry): entry is HeaderEntry => entry.entry === 'header');
    if (!header) return undefined;
    const state = new JournalState(header.session);
    state.recall(header);
    state.#unknownFields = unknownFieldsOf(header);
    for (const entry of entries) state.apply(entry);
    return state;
  }

  /** In the place that the last recorded change puts the session into. */
  get session(): TrackedSession {
    return this.#session;
  }

  get isMoving(): boolean {
    return [...this.#waiting.values()].some(isMove);
  }

  get tasks(): readonly JournaledTask[] {
    return [...this.#tasks.values()];
  }

  get pending(): number {
    return this.#waiting.size;
  }

  hasRoomFor(change: Change): boolean {
    return this.#load.hasRoomFor(change);
  }

  get known(): boolean {
    return this.#known;
  }

  get home(): string | undefined {
    return this.#home;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get hopeless(): boolean {
    return this.#hopeless;
  }

  get refused(): readonly RefusedEntry[] {
    return this.#refused;
  }

  /** Nothing is left to do, as far as this version knows. */
  get isOver(): boolean {
    return this.pending === 0 && (this.#ended || this.#hopeless);
  }

  /** A newer version has more to do with it. */
  get hasForeign(): boolean {
    return this.#foreign.length > 0;
  }

  get next(): number {
    return this.#next;
  }

  /** In order. */
  get waiting(): readonly Change[] {
    return [...this.#waiting.values()];
  }

  /** What is to be delivered next. */
  get head(): Waiting | undefined {
    for (const [seq, change] of this.#waiting) return { seq, change };
    return undefined;
  }

  recall(facts: {
    readonly tasks: readonly JournaledTask[];
    readonly known: boolean;
    readonly home?: string | undefined;
    readonly ended?: boolean;
    readonly hopeless?: boolean;
    readonly next?: number;
  }): void {
    for (const task of facts.tasks) this.#tasks.set(task.taskId, task);
    this.#known = facts.known;
    this.#home = facts.home;
    this.#ended = facts.ended ?? this.#ended;
    this.#hopeless = facts.hopeless ?? this.#hopeless;
    this.#next = facts.next ?? this.#next;
  }

  apply(entry: Entry | ForeignEntry): void {
    switch (entry.entry) {
      case 'header':
        return;
      case 'change':
        this.#next = Math.max(this.#next, entry.seq + 1);
        // A change that is replaced keeps its turn.
        this.#load.replace(this.#waiting.get(entry.seq), entry.change);
        this.#waiting.set(entry.seq, entry.change);
        return this.#record(entry.change);
      case 'delivered':
        this.#known ||= this.#waiting.get(entry.seq)?.kind === 'create-session';
        this.#home = entry.home ?? this.#home;
        this.#settle(entry.seq);
        return;
      case 'refused':
        this.#settle(entry.seq);
        this.#refused = [...this.#refused, entry].slice(-MAX_REFUSED);
        return;
      case 'hopeless':
        this.#hopeless = true;
        this.#waiting.clear();
        this.#foreign = this.#foreign.filter((entry) => !isChange(entry));
        this.#load = new Load();
        return;
      case 'foreign':
        if (entry.seq !== undefined) this.#next = Math.max(this.#next, entry.seq + 1);
        this.#foreign.push(entry);
        return;
      default:
        entry satisfies never;
    }
  }

  /** The fewest entries that add up to the same. */
  snapshot(): readonly (Entry | ForeignEntry)[] {
    const waiting = Array.from(this.#waiting, ([seq, change]) => ({ entry: 'change' as const, seq, change }));
    const changes = [...waiting, ...this.#foreign.filter(isChange)].sort((a, b) => a.seq - b.seq);
    return [
      {
        ...this.#unknownFields,
        entry: 'header',
        version: 1,
        session: this.session,
        tasks: this.tasks.slice(),
        known: this.#known,
        ...(this.#home !== undefined && { home: this.#home }),
        ended: this.#ended,
        hopeless: this.#hopeless,
        next: this.#next,
      },
      ...this.#refused,
      ...this.#foreign.filter((entry) => !isChange(entry)),
      ...changes,
    ];
  }

  #settle(seq: number): void {
    this.#next = Math.max(this.#next, seq + 1);
    this.#foreign = this.#foreign.filter((entry) => !isChange(entry) || entry.seq !== seq);
    const change = this.#waiting.get(seq);
    if (change && this.#waiting.delete(seq)) this.#load.remove(change);
  }

  #record(change: Change): void {
    this.#ended ||= endsSession(change);
    const docker_slot = isPlacing(change) ? change.body.docker_slot : undefined;
    if (docker_slot !== undefined) this.#session = { ...this.#session, docker_slot };
    if (change.kind === 'create-task' && change.body.task_id !== undefined) {
      const { task_id, task_name } = change.body;
      this.#tasks.set(task_id, { taskId: task_id, name: task_name, status: 'pending' });
    } else if (change.kind === 'update-task') {
      const task = this.#tasks.get(change.task_id);
      const { task_name, status } = change.body;
      if (task) {
        this.#tasks.set(change.task_id, { ...task, name: task_name ?? task.name, status: status ?? task.status });
      }
    } else if (change.kind === 'delete-task') {
      this.#tasks.delete(change.task_id);
    }
  }
}

type Ending = Extract<Change, { kind: 'fail-session' | 'update-session' }>;

/** Of a kind, or with a value, that only a newer version knows. */
function isChange(entry: ForeignEntry): entry is ForeignEntry & { readonly seq: number } {
  return entry.kind === 'change' && entry.seq !== undefined;
}

export function endsSession(change: Change): change is Ending {
  if (change.kind === 'fail-session') return true;
  if (change.kind !== 'update-session') return false;
  return change.body.status === 'completed' || change.body.status === 'failed';
}
