import assert from 'node:assert/strict';
import type { SessionStatus } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Place, Storage } from '../../../src/storage/storage.ts';
import type { UniqueConstraint } from '../../../src/storage/storage-errors.ts';
import { aPlace, aSession, uniqueId } from './builders.ts';
import { stored, violates } from './harness.ts';

interface Given {
  status: SessionStatus;
  docker_slot?: number;
  ofOtherProject?: true;
  onOtherMachine?: true;
}

function sessionAt(place: Place, { status, docker_slot, ofOtherProject, onOtherMachine }: Given): SessionRecord {
  return aSession({
    project_id: ofOtherProject ? uniqueId('project') : place.project_id,
    machine_id: onOtherMachine ? uniqueId('machine') : place.machine_id,
    docker_slot: docker_slot ?? null,
    status,
  });
}

interface Case {
  title: string;
  holder: Given;
  newcomer: Given;
  /** Which constraint the newcomer may break; none where both may be there. */
  conflict: UniqueConstraint[];
}

const slot = { docker_slot: 2 };
const elsewhere = { ofOtherProject: true } as const;
const otherMachine = { onOtherMachine: true } as const;

const CASES: Case[] = [
  { title: 'two active', holder: { status: 'active' }, newcomer: { status: 'active' }, conflict: ['active_place'] },
  {
    title: 'two active in a slot',
    holder: { status: 'active', ...slot },
    newcomer: { status: 'active', ...slot },
    conflict: ['active_place', 'docker_slot'],
  },
  {
    title: 'two active in slot 0',
    holder: { status: 'active', docker_slot: 0 },
    newcomer: { status: 'active', docker_slot: 0 },
    conflict: ['active_place', 'docker_slot'],
  },
  {
    title: 'two active of two projects in a slot',
    holder: { status: 'active', ...slot },
    newcomer: { status: 'active', ...slot, ...elsewhere },
    conflict: ['docker_slot'],
  },
  {
    title: 'an active after a paused in a slot',
    holder: { status: 'paused', ...slot },
    newcomer: { status: 'active', ...slot },
    conflict: ['docker_slot'],
  },
  {
    title: 'a paused after an active in a slot',
    holder: { status: 'active', ...slot },
    newcomer: { status: 'paused', ...slot },
    conflict: ['docker_slot'],
  },
  {
    title: 'two paused of two projects in a slot',
    holder: { status: 'paused', ...slot },
    newcomer: { status: 'paused', ...slot, ...elsewhere },
    conflict: ['docker_slot'],
  },
  { title: 'an active after a paused', holder: { status: 'paused' }, newcomer: { status: 'active' }, conflict: [] },
  { title: 'a paused after an active', holder: { status: 'active' }, newcomer: { status: 'paused' }, conflict: [] },
  { title: 'two paused', holder: { status: 'paused' }, newcomer: { status: 'paused' }, conflict: [] },
  {
    title: 'two active of two projects',
    holder: { status: 'active' },
    newcomer: { status: 'active', ...elsewhere },
    conflict: [],
  },
  {
    title: 'two active on two machines',
    holder: { status: 'active' },
    newcomer: { status: 'active', ...otherMachine },
    conflict: [],
  },
  {
    title: 'two active in the same slot of two machines',
    holder: { status: 'active', ...slot },
    newcomer: { status: 'active', ...slot, ...otherMachine },
    conflict: [],
  },
  {
    title: 'two active in two slots',
    holder: { status: 'active', ...slot },
    newcomer: { status: 'active', docker_slot: 3 },
    conflict: [],
  },
  {
    title: 'one without a slot and one in slot 0',
    holder: { status: 'active' },
    newcomer: { status: 'active', docker_slot: 0 },
    conflict: [],
  },
  ...(['stalled', 'completed', 'failed'] as const).flatMap((status): Case[] => [
    { title: `an active after a ${status}`, holder: { status }, newcomer: { status: 'active' }, conflict: [] },
    {
      title: `an active after a ${status} in a slot`,
      holder: { status, ...slot },
      newcomer: { status: 'active', ...slot },
      conflict: [],
    },
    {
      title: `a ${status} after an active in a slot`,
      holder: { status: 'active', ...slot },
      newcomer: { status, ...slot },
      conflict: [],
    },
  ]),
];

export function describePlaces(storage: () => Storage): void {
  describe('a place', () => {
    for (const { title, holder, newcomer, conflict } of CASES) {
      const verb = conflict.length > 0 ? 'refuses' : 'takes';

      it(`${verb} ${title} (insert)`, async () => {
        const place = aPlace();
        const first = sessionAt(place, holder);
        const second = sessionAt(place, newcomer);
        await stored(storage(), first);
        const insert = storage().sessions.insert(second);
        if (conflict.length > 0) await violates(insert, ...conflict);
        else await insert;
        assert.deepEqual(await storage().sessions.get(first.session_id), first);
        assert.deepEqual(await storage().sessions.get(second.session_id), conflict.length > 0 ? null : second);
      });

      it(`${verb} ${title} (update)`, async () => {
        const place = aPlace();
        const first = sessionAt(place, holder);
        const second = sessionAt(place, newcomer);
        const before: SessionRecord = { ...second, status: 'stalled' };
        await stored(storage(), first, before);
        const update = storage().sessions.update(
          second.session_id,
          {},
          { set: { status: newcomer.status }, mergeMetadata: { changed: true }, takePosition: true },
        );
        const after = { ...second, metadata: { changed: true }, next_position: 1 };
        if (conflict.length > 0) await violates(update, ...conflict);
        else assert.deepEqual(await update, after);
        assert.deepEqual(await storage().sessions.get(first.session_id), first);
        assert.deepEqual(await storage().sessions.get(second.session_id), conflict.length > 0 ? before : after);
      });
    }

    it('refuses a session that moves into it', async () => {
      const place = aPlace({ docker_slot: 4 });
      const holder = aSession(place);
      const movers = [
        aSession({ ...place, docker_slot: 5 }),
        aSession({ ...place, machine_id: uniqueId('machine') }),
        aSession({ ...place, project_id: uniqueId('project'), docker_slot: null }),
      ];
      await stored(storage(), holder, ...movers);
      for (const mover of movers) {
        const move = storage().sessions.update(mover.session_id, {}, { set: place });
        await violates(move, 'active_place', 'docker_slot');
        assert.deepEqual(await storage().sessions.get(mover.session_id), mover);
      }
    });

    for (const docker_slot of [null, 6]) {
      for (const status of ['stalled', 'completed', 'failed'] as const) {
        it(`is free once its holder is ${status} (slot ${docker_slot})`, async () => {
          const place = aPlace({ docker_slot });
          const [holder, next] = [aSession(place), aSession(place)];
          await stored(storage(), holder);
          await violates(storage().sessions.insert(next), 'active_place', 'docker_slot');
          await storage().sessions.update(holder.session_id, { status: ['active'] }, { set: { status } });
          await stored(storage(), next);
          const comeBack = storage().sessions.update(holder.session_id, {}, { set: { status: 'active' } });
          await violates(comeBack, 'active_place', 'docker_slot');
        });
      }

      it(`is free once its holder is deleted (slot ${docker_slot})`, async () => {
        const place = aPlace({ docker_slot });
        const [holder, next] = [aSession(place), aSession(place)];
        await stored(storage(), holder);
        await storage().sessions.delete(holder.session_id);
        await stored(storage(), next);
      });
    }

    it('stays with its holder through an update', async () => {
      const holder = aSession({ docker_slot: 8 });
      await stored(storage(), holder);
      const set = { status: 'active', docker_slot: 8, project_id: holder.project_id } as const;
      assert.deepEqual(await storage().sessions.update(holder.session_id, {}, { set }), holder);
    });
  });

  describe('the holder of a place', () => {
    const cases: { title: string; holder: Given; asked: Partial<Place>; found: boolean }[] = [
      { title: 'an active session', holder: { status: 'active' }, asked: {}, found: true },
      { title: 'an active session in its slot', holder: { status: 'active', ...slot }, asked: slot, found: true },
      {
        title: 'an active session of another project in the slot',
        holder: { status: 'active', ...slot, ...elsewhere },
        asked: slot,
        found: true,
      },
      { title: 'a paused session in the slot', holder: { status: 'paused', ...slot }, asked: slot, found: true },
      {
        title: 'a paused session of another project in the slot',
        holder: { status: 'paused', ...slot, ...elsewhere },
        asked: slot,
        found: true,
      },
      {
        title: 'an active session in slot 0',
        holder: { status: 'active', docker_slot: 0 },
        asked: { docker_slot: 0 },
        found: true,
      },
      { title: 'a paused session without a slot', holder: { status: 'paused' }, asked: {}, found: false },
      { title: 'a session of another project', holder: { status: 'active', ...elsewhere }, asked: {}, found: false },
      { title: 'a session on another machine', holder: { status: 'active', ...otherMachine }, asked: {}, found: false },
      {
        title: 'a session in the same slot of another machine',
        holder: { status: 'active', ...slot, ...otherMachine },
        asked: slot,
        found: false,
      },
      { title: 'a session in another slot', holder: { status: 'active', docker_slot: 3 }, asked: slot, found: false },
      { title: 'a session in a slot, asked for none', holder: { status: 'active', ...slot }, asked: {}, found: false },
      {
        title: 'a session in slot 0, asked for none',
        holder: { status: 'active', docker_slot: 0 },
        asked: {},
        found: false,
      },
      { title: 'a session without a slot, asked for one', holder: { status: 'active' }, asked: slot, found: false },
      {
        title: 'a session without a slot, asked for 0',
        holder: { status: 'active' },
        asked: { docker_slot: 0 },
        found: false,
      },
      ...(['stalled', 'completed', 'failed'] as const).flatMap((status) => [
        { title: `a ${status} session`, holder: { status }, asked: {}, found: false },
        { title: `a ${status} session in the slot`, holder: { status, ...slot }, asked: slot, found: false },
      ]),
    ];
    for (const { title, holder, asked, found } of cases) {
      it(`is ${found ? '' : 'not '}${title}`, async () => {
        const place = aPlace();
        const session = sessionAt(place, holder);
        await stored(storage(), session);
        assert.deepEqual(await storage().sessions.findHolder({ ...place, ...asked }), found ? session : null);
      });
    }

    it('is the active session, not one that stalled there before', async () => {
      const place = aPlace({ docker_slot: 9 });
      const [stalled, active] = [aSession({ ...place, status: 'stalled' }), aSession(place)];
      await stored(storage(), stalled, active, aSession({ ...place, status: 'failed' }));
      assert.deepEqual(await storage().sessions.findHolder(place), active);
    });
  });
}
