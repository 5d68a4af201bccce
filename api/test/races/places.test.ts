import assert from 'node:assert/strict';
import type { ErrorReply, Session } from '@claude-projects/shared/contract';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { inRounds, race, sessionsOf, statusesOf, theOnly, times } from './support/rounds.ts';

describe('races for a place', function () {
  this.timeout(120_000);
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  const create = (body: unknown) => () => api.call<Session & ErrorReply>('POST', '/api/sessions', body);

  it('lets one of twenty creates of one place win, and names the winner to all others', () =>
    inRounds(async (round) => {
      const place = { project_id: `project-${round}`, machine_id: `machine-${round}` };
      const replies = await race(
        round,
        times(20, () => create(place)),
      );
      assert.deepEqual(statusesOf(replies), { 201: 1, 409: 19 });
      const winner = theOnly(replies.filter(({ status }) => status === 201)).body;
      for (const { status, body } of replies) {
        if (status !== 409) continue;
        assert.equal(body.code, 'ACTIVE_SESSION_EXISTS');
        assert.equal(body.conflicting_session_id, winner.session_id);
      }
      assert.equal(theOnly(await sessionsOf(api, place.project_id)).session_id, winner.session_id);
    }));

  it('gives a docker slot to one of two projects that claim it', () =>
    inRounds(async (round) => {
      const slot = { machine_id: `docker-host-${round}`, docker_slot: round };
      const projects = [`left-${round}`, `right-${round}`];
      const replies = await race(
        round,
        projects.map((project_id) => create({ ...slot, project_id })),
      );
      assert.deepEqual(statusesOf(replies), { 201: 1, 409: 1 });
      const winner = theOnly(replies.filter(({ status }) => status === 201)).body;
      const loser = theOnly(replies.filter(({ status }) => status === 409)).body;
      assert.equal(loser.code, 'ACTIVE_SESSION_EXISTS');
      assert.equal(loser.conflicting_session_id, winner.session_id);
      const stored = await Promise.all(projects.map((project) => sessionsOf(api, project)));
      assert.equal(theOnly(stored.flat()).session_id, winner.session_id);
    }));

  it('lets one of five sessions move to one slot, and names it to the others', () =>
    inRounds(async (round) => {
      const place = { project_id: `moving-${round}`, machine_id: `moving-${round}` };
      const slots = times(5, (index) => index + 1);
      const sessions = await Promise.all(slots.map((docker_slot) => create({ ...place, docker_slot })()));
      const move = ({ body }: { body: Session }) => {
        const path = `/api/sessions/${body.session_id}`;
        return () => api.call<Session & ErrorReply>('PATCH', path, { docker_slot: 9 });
      };
      const replies = await race(round, sessions.map(move));
      assert.deepEqual(statusesOf(replies), { 200: 1, 409: 4 });
      const winner = theOnly(replies.filter(({ status }) => status === 200)).body;
      for (const { status, body } of replies) {
        if (status === 409) assert.equal(body.conflicting_session_id, winner.session_id);
      }
      assert.equal((await sessionsOf(api, place.project_id)).filter(({ docker_slot }) => docker_slot === 9).length, 1);
    }));

  it('makes one session of ten creates with one client-made id', () =>
    inRounds(async (round) => {
      const session_id = crypto.randomUUID();
      const body = { session_id, project_id: `outbox-${round}`, machine_id: `laptop-${round}` };
      const replies = await race(
        round,
        times(10, () => create(body)),
      );
      assert.deepEqual(statusesOf(replies), { 200: 9, 201: 1 });
      for (const { body } of replies) assert.equal(body.session_id, session_id);
      theOnly(await sessionsOf(api, body.project_id));
    }));
});
