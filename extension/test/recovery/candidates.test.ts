import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { ASK_WITHIN_MS, isRecoverable, promptCandidates } from '../../src/recovery/candidates.ts';
import { sampleSession } from '../support/sample-session.ts';

const now = Date.parse('2026-03-01T09:10:00.000Z');
const dead: Partial<Session> = { status: 'failed', health: 'ended' };

describe('what can be recovered', () => {
  const cases: [string, Partial<Session>, boolean][] = [
    ['failed', dead, true],
    ['stalled', { status: 'stalled', health: 'stalled' }, true],
    ['active and silent for too long', { health: 'stalled' }, true],
    ['paused and silent for too long', { status: 'paused', health: 'stalled' }, true],
    ['paused', { status: 'paused', health: 'paused' }, false],
    ['late', { health: 'late' }, false],
    ['waiting for input', { health: 'waiting' }, false],
    ['completed', { status: 'completed', health: 'ended' }, false],
    ['recovered already', { ...dead, recovered_by: 'another' }, false],
    ['archived', { ...dead, archived_at: '2026-03-01T09:00:00.000Z' }, false],
  ];
  for (const [what, changes, expected] of cases) {
    it(`${expected ? 'is' : 'is not'} a session that is ${what}`, () => {
      const session = sampleSession(changes);
      assert.equal(isRecoverable(session, session.health), expected);
    });
  }
});

describe('whom the user is asked about', () => {
  const mine = sampleSession({ ...dead, machine_id: 'laptop', project_id: 'other/project' });
  const project = sampleSession({ ...dead, machine_id: 'elsewhere', project_id: 'acme/shop' });
  const stranger = sampleSession({ ...dead, machine_id: 'elsewhere', project_id: 'other/project' });
  const all = [mine, project, stranger];
  const scope = {
    machineId: 'laptop',
    projectId: 'acme/shop',
    healthOf: ({ health }: Session) => health,
    isTrackedHere: () => false,
  };

  it('always: sessions of this machine and of this project', () => {
    assert.deepEqual(promptCandidates(all, { ...scope, prompting: 'always' }, now), [mine, project]);
  });
  it('attention: those of this machine', () => {
    assert.deepEqual(promptCandidates(all, { ...scope, prompting: 'attention' }, now), [mine]);
  });
  it('never: none', () => {
    assert.deepEqual(promptCandidates(all, { ...scope, prompting: 'never' }, now), []);
  });
  it('not about what this window tracks', () => {
    const isTrackedHere = (id: string) => id === mine.session_id;
    assert.deepEqual(promptCandidates(all, { ...scope, prompting: 'attention', isTrackedHere }, now), []);
  });
  it('not about what died long ago', () => {
    const later = Date.parse(mine.last_heartbeat) + ASK_WITHIN_MS;
    assert.deepEqual(promptCandidates([mine], { ...scope, prompting: 'always' }, later), [mine]);
    assert.deepEqual(promptCandidates([mine], { ...scope, prompting: 'always' }, later + 1), []);
  });
});
