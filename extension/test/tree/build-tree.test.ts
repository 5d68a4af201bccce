import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/contract';
import { inEnglish } from '../../src/platform/localize.ts';
import { buildTree, type Tree, type TreeInput } from '../../src/tree/build-tree.ts';
import { redrawBetween } from '../../src/tree/diff-trees.ts';
import { NO_FILTER, parseFilter } from '../../src/tree/filter.ts';
import type { TreeNode } from '../../src/tree/nodes.ts';
import { sampleSession } from '../support/sample-session.ts';
import { manySessions } from './support/many-sessions.ts';

const START = Date.parse('2026-03-01T09:00:00.000Z');
const MINUTE = 60_000;

describe('the tree of sessions', () => {
  let nodes: Map<string, TreeNode>;

  beforeEach(() => {
    nodes = new Map();
  });

  const intern = (node: TreeNode) => {
    const known = nodes.get(node.id) ?? node;
    nodes.set(node.id, known);
    return known;
  };
  const build = (sessions: readonly Session[], changes: Partial<TreeInput> = {}) =>
    buildTree(
      {
        sessions,
        vitals: { now: START, stallThresholdMs: 3 * MINUTE },
        currentTaskNameOf: () => undefined,
        own: new Set(),
        grouping: 'health',
        filter: NO_FILTER,
        hasMore: false,
        notice: undefined,
        ...changes,
      },
      intern,
      inEnglish,
    );
  /** As in `Running 1 > acme/shop`. */
  const outline = (tree: Tree) =>
    tree.roots.flatMap((root) => {
      const row = tree.rows.get(root.id);
      const members = (tree.children.get(root.id) ?? []).map((node) => tree.rows.get(node.id)?.label);
      return [`${row?.label} ${row?.description}`, ...members.map((label) => `> ${label}`)];
    });
  const rowOf = (session: Session, changes: Partial<TreeInput> = {}) => {
    const row = build([session], {
      filter: parseFilter(
        'is:archived is:healthy is:late is:stalled is:waiting is:paused is:completed is:failed is:recovered',
      ),
      ...changes,
    }).rows.get(`session ${session.session_id}`);
    assert.ok(row);
    return row;
  };

  const healthy = sampleSession({ project_id: 'healthy', machine_id: 'laptop' });
  const stalled = sampleSession({ project_id: 'stalled', machine_id: 'desktop', status: 'stalled', health: 'stalled' });
  const silent = sampleSession({ project_id: 'silent', health: 'stalled' });
  const waiting = sampleSession({
    project_id: 'waiting',
    health: 'waiting',
    activity: 'waiting_for_input',
    activity_detail: 'May I?',
  });
  const paused = sampleSession({ project_id: 'paused', status: 'paused', health: 'paused' });
  const over = { health: 'ended', completed_at: '2026-03-01T08:30:00.000Z' } as const;
  const completed = sampleSession({ project_id: 'completed', status: 'completed', ...over });
  const failed = sampleSession({ project_id: 'failed', status: 'failed', error_message: 'it broke', ...over });
  const recovered = sampleSession({ project_id: 'recovered', status: 'completed', recovered_by: 'another', ...over });
  const archived = sampleSession({
    project_id: 'archived',
    status: 'failed',
    archived_at: '2026-03-01T08:40:00.000Z',
    ...over,
  });
  const all = [completed, healthy, failed, archived, waiting, recovered, paused, stalled, silent];

  it('puts what needs attention first, then what runs, then what has ended; archived ones are put away', () => {
    const tree = build(all);
    assert.deepEqual(outline(tree), [
      'Needs Attention 4',
      '> failed',
      '> waiting',
      '> stalled',
      '> silent',
      'Running 2',
      '> healthy',
      '> paused',
      'Recent 2',
      '> completed',
      '> recovered',
    ]);
    assert.equal(tree.attention, 4);
  });

  it('groups by project or machine, and says which groups need somebody', () => {
    assert.deepEqual(outline(build([healthy, stalled, completed], { grouping: 'machine' })), [
      'desktop 1, 1 needs attention',
      '> stalled',
      'laptop 2',
      '> healthy',
      '> completed',
    ]);
    assert.deepEqual(outline(build([stalled, healthy], { grouping: 'project' })), [
      'healthy 1',
      '> laptop',
      'stalled 1, 1 needs attention',
      '> desktop',
    ]);
  });

  it('says nothing in a row that its group has said', () => {
    const session = sampleSession({ docker_slot: 3 });
    const said = (grouping: TreeInput['grouping']) => {
      const { label, description } = rowOf(session, { grouping });
      return `${label} ${description}`;
    };
    assert.equal(said('health'), 'acme/shop just now · laptop, slot 3');
    assert.equal(said('project'), 'laptop, slot 3 just now');
    assert.equal(said('machine'), 'acme/shop just now · slot 3');
  });

  it('never shows a slot that was derived', () => {
    const session = sampleSession({ session_id: 'the-session', docker_slot: 62_111 });
    for (const grouping of ['health', 'project', 'machine'] as const) {
      assert.doesNotMatch(JSON.stringify(rowOf(session, { grouping })), /slot|62.?111/i);
    }
  });

  it('says where two agents share a checkout', () => {
    const metadata = { checkout: 'c0ffee' };
    const [one, other] = [sampleSession({ metadata }), sampleSession({ metadata })];
    const { rows } = build([one, other, healthy]);
    const said = (id: string) => JSON.stringify(rows.get(`session ${id}`)?.tooltip).includes('shared with another agent');
    assert.deepEqual([one, other, healthy].map(({ session_id }) => said(session_id)), [true, true, false]);
    assert.match(rows.get(`session ${one.session_id}`)?.spoken ?? '', /Shares its checkout with another agent\./);
  });

  it('filters by words and by states', () => {
    const labels = (text: string, changes: Partial<TreeInput> = {}) =>
      outline(build(all, { filter: parseFilter(text), ...changes })).filter((line) => line.startsWith('>'));
    assert.deepEqual(labels('DESKTOP'), ['> stalled']);
    assert.deepEqual(labels('laptop may'), ['> waiting']);
    assert.deepEqual(labels('is:stalled'), ['> stalled', '> silent']);
    assert.deepEqual(labels('is:archived'), ['> archived']);
    assert.deepEqual(labels('is:running'), ['> waiting', '> healthy', '> paused']);
    assert.deepEqual(labels('is:own', { own: new Set([paused.session_id]) }), ['> paused']);
    assert.deepEqual(
      labels('checkout', { currentTaskNameOf: (session) => (session === healthy ? 'Write the checkout' : undefined) }),
      ['> healthy'],
    );
    assert.deepEqual(labels('nothing of the kind'), []);
    assert.equal(build(all, { filter: parseFilter('is:paused') }).attention, 4, 'the badge counts what is hidden');
  });

  it('tells menus what can be done', () => {
    const values = all.map((session) => rowOf(session).contextValue);
    assert.deepEqual(values, [
      'session.completed.archivable',
      'session.healthy.live',
      'session.failed.recoverable.archivable',
      'session.archived',
      'session.waiting.live',
      'session.recovered.archivable',
      'session.paused.live',
      'session.stalled.live.recoverable',
      'session.stalled.live.recoverable',
    ]);
    assert.equal(rowOf(silent, { own: new Set([silent.session_id]) }).contextValue, 'session.stalled.live.own');
  });

  it('shows the task, the age of the last heartbeat, the machine and the slot', () => {
    const session = sampleSession({ docker_slot: 3, last_heartbeat: '2026-03-01T08:58:00.000Z' });
    const row = rowOf(session, {
      currentTaskNameOf: () => 'Write the checkout',
      vitals: { now: START, stallThresholdMs: 10 * MINUTE },
    });
    assert.equal(row.description, 'Write the checkout · 2 min ago · laptop, slot 3');
    assert.equal(
      row.spoken,
      'Session of acme/shop on laptop, slot 3: running. Works on Write the checkout. Last heartbeat 2 min ago.',
    );
    assert.equal(rowOf(failed).description, 'failed · 30 min ago · it broke · laptop');
    assert.equal(rowOf(waiting).description, 'asks: May I? · just now · laptop');
    assert.equal(rowOf(healthy, { own: new Set([healthy.session_id]) }).description, 'just now · this window');
  });

  it('lets rows age by themselves', () => {
    const at = (minutes: number) =>
      rowOf(healthy, { vitals: { now: START + minutes * MINUTE, stallThresholdMs: 3 * MINUTE } });
    assert.equal(at(1).description, '1 min ago · laptop');
    assert.equal(at(2).description, 'late · 2 min ago · laptop');
    assert.equal(at(2).contextValue, 'session.late.live');
  });

  it('shows nothing of others as anything but one plain line', () => {
    const row = rowOf(
      sampleSession({ project_id: 'a\u202Egnp.exe\nb', health: 'waiting', activity_detail: `x\r\n${'y'.repeat(500)}` }),
    );
    assert.equal(row.label, 'a gnp.exe b');
    assert.ok(row.description.length < 200);
    assert.doesNotMatch(row.description + row.spoken, /[\p{Cc}\u202e]/u);
  });

  describe('what is drawn anew', () => {
    const vitals = (now: number) => ({ vitals: { now, stallThresholdMs: 3 * MINUTE } });

    it('is nothing if nothing shows, and the row alone if only that shows', () => {
      const before = build([healthy, completed]);
      assert.deepEqual(redrawBetween(before, build([{ ...healthy }, completed])), []);
      const beat = { ...healthy, last_heartbeat: '2026-03-01T09:00:20.000Z', updated_at: '2026-03-01T09:00:20.000Z' };
      assert.deepEqual(redrawBetween(before, build([beat, completed], vitals(START + 20_000))), []);
      const busy = { ...healthy, activity_detail: 'compiles' };
      assert.deepEqual(redrawBetween(before, build([busy, completed])), [nodes.get(`session ${healthy.session_id}`)]);
    });

    it('is both groups if a session moves between them, and all if the groups are others', () => {
      const other = sampleSession({ project_id: 'other' });
      const before = build([healthy, other, completed]);
      const ended = { ...other, status: 'completed', ...over } as const;
      const after = build([healthy, ended, completed]);
      assert.deepEqual(redrawBetween(before, after), after.roots);
      assert.equal(redrawBetween(before, build([completed])), 'all');
      assert.equal(redrawBetween(build([]), build([healthy])), 'all');
    });

    it('is as many rows as grew older by a step', () => {
      const young = sampleSession({ last_heartbeat: '2026-03-01T09:00:30.000Z' });
      const before = build([healthy, young], vitals(START + 50_000));
      const redraw = redrawBetween(before, build([healthy, young], vitals(START + 80_000)));
      assert.deepEqual(redraw, [nodes.get(`session ${healthy.session_id}`)]);
    });
  });

  it('takes twice the time for twice the sessions, not four times', () => {
    // Work is counted, not time: each text of a row is asked for once.
    const work = (count: number) => {
      let asked = 0;
      const counting: typeof inEnglish = (...sentence) => {
        asked += 1;
        return inEnglish(...sentence);
      };
      let interned = 0;
      const sessions = manySessions(count);
      const input = { ...inputOf(sessions), grouping: 'project' } as const;
      buildTree(input, (node) => ((interned += 1), node), counting);
      return { asked: asked / count, interned: interned / count };
    };
    const [small, large] = [work(500), work(4000)];
    assert.ok(large.asked <= small.asked * 1.1, `${small.asked} and ${large.asked} texts a session`);
    assert.ok(large.interned <= small.interned * 1.1);
    // And the time, with so much room that only a square can fail it: eight times the sessions, 64 times the work.
    const time = (count: number) => {
      const sessions = manySessions(count);
      const turns = Array.from({ length: 7 }, () => {
        const start = process.cpuUsage();
        const before = buildTree(inputOf(sessions), intern, inEnglish);
        redrawBetween(before, buildTree(inputOf(sessions), intern, inEnglish));
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...turns);
    };
    time(1000);
    const ratio = time(8000) / time(1000);
    assert.ok(ratio < 32, `eight times the sessions took ${ratio} times as long`);
  }).timeout(60_000);

  const inputOf = (sessions: readonly Session[]): TreeInput => ({
    sessions,
    vitals: { now: START, stallThresholdMs: 3 * MINUTE },
    currentTaskNameOf: () => 'Write the checkout',
    own: new Set(),
    grouping: 'health',
    filter: NO_FILTER,
    hasMore: true,
    notice: undefined,
  });
});
