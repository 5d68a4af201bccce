import type { Model } from 'mongoose';
import { type FindingKind, type SuspectBatch, suspectBatch } from '../../consistency.ts';
import { type Stored, text, textOrNull, texts } from '../documents/fields.ts';
import type { Runner } from '../engine/runner.ts';
import { compareCounts } from '../sessions/recount.ts';

type Search = (runner: Runner, after: string, limit: number, now: Date) => Promise<SuspectBatch>;
type Query = Readonly<Record<string, unknown>>;

const LIVE = ['active', 'paused', 'stalled'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** For each kind a walk along an index, and one more search for what the batch refers to. */
export const SEARCHES: Readonly<Record<FindingKind, Search>> = {
  current_task_missing: async (runner, after, limit) => {
    const { sessions, tasks } = runner.models;
    const live = { status: { $in: LIVE }, session_id: { $gt: after } };
    const batch = await walk(runner, sessions, live, 'session_id', ['session_id', 'current_task_id'], limit, 'live');
    const working = batch.flatMap((session) => {
      const task_id = textOrNull(session, 'current_task_id');
      return task_id !== null && UUID.test(task_id) ? [{ session_id: text(session, 'session_id'), task_id }] : [];
    });
    const ids = working.map(({ task_id }) => task_id);
    const found = await searchAmong(runner, tasks, 'task_id', ids, ['task_id', 'session_id']);
    const owners = new Map(found.map((task) => [text(task, 'task_id'), text(task, 'session_id')]));
    return suspectBatch(
      working
        .filter(({ session_id, task_id }) => owners.get(task_id) !== session_id)
        .map((session) => ({ kind: 'current_task_missing', ...session })),
      batch.map((session) => text(session, 'session_id')),
      limit,
    );
  },

  active_sessions_disagree: async (runner, after, limit) => {
    const { machines, sessions } = runner.models;
    const beyond = { machine_id: { $gt: after } };
    const batch = await walk(runner, machines, beyond, 'machine_id', ['machine_id', 'active_sessions'], limit);
    const keys = batch.map((machine) => text(machine, 'machine_id'));
    const found = await searchAmong(
      runner,
      sessions,
      'machine_id',
      keys,
      ['machine_id', 'session_id'],
      { status: { $in: LIVE } },
      'live_of_machine',
    );
    const live = Map.groupBy(found, (session) => text(session, 'machine_id'));
    const disagree = batch.filter((machine) => {
      const listed = new Set(texts(machine, 'active_sessions'));
      const own = live.get(text(machine, 'machine_id')) ?? [];
      return (
        texts(machine, 'active_sessions').length !== own.length ||
        own.some((session) => !listed.has(text(session, 'session_id')))
      );
    });
    return suspectBatch(
      disagree.map((machine) => ({ kind: 'active_sessions_disagree', machine_id: text(machine, 'machine_id') })),
      keys,
      limit,
    );
  },

  place_held_twice: async (runner, _, limit) => {
    const places = await heldTwice(
      runner,
      { status: 'active' },
      { project_id: '$project_id', machine_id: '$machine_id', docker_slot: '$docker_slot' },
      limit,
    );
    const slots = await heldTwice(
      runner,
      { status: { $in: ['active', 'paused'] }, docker_slot: { $gte: 0 } },
      { machine_id: '$machine_id', docker_slot: '$docker_slot' },
      limit,
    );
    // Two in one place with a slot are two in one slot as well.
    const once = new Map([...places, ...slots].map((place) => [place.session_ids.join(), place]));
    return { suspects: [...once.values()].slice(0, limit), next: null };
  },

  // What is archived outlives its successor by right.
  successor_missing: async (runner, after, limit) => {
    const { sessions } = runner.models;
    const fields = ['session_id', 'recovered_by', 'archived_at'];
    const walked = await walk(runner, sessions, { recovered_by: { $gt: after } }, 'recovered_by', fields, limit);
    // The next batch goes on after the last successor: all that name it belong to this one.
    const last = walked.length < limit ? undefined : textOrNull(walked.at(-1) ?? {}, 'recovered_by');
    const ofLast = await searchAmong(runner, sessions, 'recovered_by', last ? [last] : [], fields);
    const batch = [...walked.filter((session) => text(session, 'recovered_by') !== last), ...ofLast];
    const keys = batch.map((session) => text(session, 'recovered_by'));
    const there = await idsOfSessions(runner, keys);
    return suspectBatch(
      batch
        .filter((session) => (session['archived_at'] ?? null) === null && !there.has(text(session, 'recovered_by')))
        .map((session) => ({
          kind: 'successor_missing',
          session_id: text(session, 'session_id'),
          successor_id: text(session, 'recovered_by'),
        })),
      keys,
      limit,
    );
  },

  task_without_session: async (runner, after, limit) => {
    const { tasks } = runner.models;
    const beyond = { task_id: { $gt: after } };
    const batch = await walk(runner, tasks, beyond, 'task_id', ['task_id', 'session_id'], limit);
    const there = await idsOfSessions(
      runner,
      batch.map((task) => text(task, 'session_id')),
    );
    return suspectBatch(
      batch
        .filter((task) => !there.has(text(task, 'session_id')))
        .map((task) => ({
          kind: 'task_without_session',
          task_id: text(task, 'task_id'),
          session_id: text(task, 'session_id'),
        })),
      batch.map((task) => text(task, 'task_id')),
      limit,
    );
  },

  // One suspect or none, whatever the limit.
  session_counts_disagree: async (runner, _after, _limit, now) => {
    const disagree = (await compareCounts(runner, now)) !== null;
    return { suspects: disagree ? [{ kind: 'session_counts_disagree' }] : [], next: null };
  },
};

async function heldTwice(runner: Runner, query: Query, place: Query, limit: number) {
  const { models, options, run } = runner;
  const groups = await run(() =>
    models.sessions.collection
      .aggregate<Stored>(
        [
          { $match: query },
          { $group: { _id: place, session_ids: { $push: '$session_id' }, machine_id: { $first: '$machine_id' } } },
          { $match: { 'session_ids.1': { $exists: true } } },
          { $sort: { machine_id: 1 } },
          { $limit: limit },
        ],
        options,
      )
      .toArray(),
  );
  return groups.map((group) => ({
    kind: 'place_held_twice' as const,
    machine_id: text(group, 'machine_id'),
    session_ids: texts(group, 'session_ids').sort(),
  }));
}

async function idsOfSessions(runner: Runner, ids: readonly string[]): Promise<Set<string>> {
  const wanted = [...new Set(ids)];
  const found = await searchAmong(runner, runner.models.sessions, 'session_id', wanted, ['session_id']);
  return new Set(found.map((session) => text(session, 'session_id')));
}

/** Past mongoose: nothing of what is searched for comes from a caller. */
async function searchAmong<Record_>(
  { options, run }: Runner,
  { collection }: Model<Record_>,
  key: string,
  values: readonly string[],
  fields: readonly string[],
  more: Query = {},
  hint?: string,
): Promise<Stored[]> {
  if (values.length === 0) return [];
  const how = { ...options, projection: projectionOf(fields), ...(hint !== undefined && { hint }) };
  return run(() => collection.find<Stored>({ ...more, [key]: { $in: [...values] } }, how).toArray());
}

function walk<Record_>(
  { options, run }: Runner,
  { collection }: Model<Record_>,
  query: Query,
  key: string,
  fields: readonly string[],
  limit: number,
  hint?: string,
): Promise<Stored[]> {
  const how = { ...options, projection: projectionOf(fields), ...(hint !== undefined && { hint }) };
  return run(() =>
    collection
      .find<Stored>(query, how)
      .sort({ [key]: 1 })
      .limit(limit)
      .toArray(),
  );
}

function projectionOf(fields: readonly string[]): Record<string, 0 | 1> {
  return { _id: 0, ...Object.fromEntries(fields.map((field): [string, 1] => [field, 1])) };
}
