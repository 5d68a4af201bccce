import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { inEnglish } from '../../src/platform/localize.ts';
import { buildTree, type Tree, type TreeInput } from '../../src/tree/build-tree.ts';
import { redrawBetween } from '../../src/tree/diff-trees.ts';
import { NO_FILTER, parseFilter } from '../../src/tree/filter.ts';
import type { TreeNode } from '../../src/tree/nodes.ts';
import { FakeClaude, sampleKnown } from '../support/fake-claude.ts';
import { sampleLabels } from '../support/sample-labels.ts';
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
        labels: sampleLabels(),
        claude: new FakeClaude(),
        own: new Set(),
        isDismissed: () => false,
        needYou: new Set(),
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
        'is:archived is:working is:idle is:stopped is:late is:stalled is:waiting is:paused is:completed is:failed is:recovered',
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
      'Running 1 working, 1 paused',
      '> healthy',
      '> paused',
      'Recent 2',
      '> completed',
      '> recovered',
    ]);
  });

  it('groups by project or machine, and says which groups need somebody', () => {
    assert.deepEqual(outline(build([healthy, stalled, completed], { grouping: 'machine' })), [
      'desktop 1, 1 needs attention',
      '> stalled',
      'laptop 2, 1 working',
      '> healthy',
      '> completed',
    ]);
    assert.deepEqual(outline(build([stalled, healthy], { grouping: 'project' })), [
      'healthy 1 working',
      '> laptop',
      'stalled 1, 1 needs attention',
      '> desktop',
    ]);
  });

  describe('three agents of one project', () => {
    const agents = [
      sampleSession({
        metadata: { title: 'Add a coupon field to the checkout', branch: 'feature/coupons', worktree: 'shop-coupons' },
        health: 'waiting',
        activity: 'waiting_for_input',
        activity_detail: 'May I run npm test?',
        started_at: '2026-03-01T08:48:00.000Z',
      }),
      sampleSession({ metadata: { branch: 'feature/search' }, started_at: '2026-03-01T06:55:00.000Z' }),
      sampleSession({
        status: 'stalled',
        health: 'stalled',
        current_task_id: 'a3cf0b0e-6d0c-4f0e-9d2e-6a5d0f5a8f11',
        last_heartbeat: '2026-03-01T08:55:00.000Z',
      }),
    ] as const;
    const labels = sampleLabels(({ status }) => (status === 'stalled' ? 'Migrate the orders' : undefined));
    const said = (grouping: TreeInput['grouping'] = 'health') =>
      agents.map((session) => {
        const { label, description } = rowOf(session, { grouping, labels });
        return `${label} | ${description}`;
      });

    it('are told apart by what they are about; then come their state, their time and their branch', () => {
      assert.deepEqual(said(), [
        'Add a coupon field to the… | asks: May I run npm test? · 12 min · feature/coupons',
        'feature/search | working · 2 h 5 min',
        'Migrate the orders | stalled · 5 min ago',
      ]);
      assert.deepEqual(said('project'), said());
      assert.deepEqual(said('machine'), said());
    });

    it('are told apart by those who hear them, too', () => {
      assert.deepEqual(
        agents.map((session) => rowOf(session, { labels }).spoken),
        [
          'Add a coupon field to the checkout. Session of acme/shop on laptop: waits for input. Asks: May I run npm test? Running for 12 min. Branch feature/coupons.',
          'feature/search. Session of acme/shop on laptop: working. Running for 2 h 5 min.',
          'Migrate the orders. Session of acme/shop on laptop: stalled. Last heartbeat 5 min ago.',
        ],
      );
    });

    it('open their details when they are clicked', () => {
      for (const session of agents) {
        assert.deepEqual(rowOf(session).command, {
          command: 'claudeProjects.showSessionDetails',
          title: 'Show Session Details',
          arguments: [session.session_id],
        });
      }
    });

    it('show no id of a task or of another session as a name', () => {
      const session = sampleSession({
        ...agents[2],
        recovered_from: 'a3cf0b0e-6d0c-4f0e-9d2e-6a5d0f5a8f12',
        recovered_by: 'a3cf0b0e-6d0c-4f0e-9d2e-6a5d0f5a8f13',
      });
      const { label, description, spoken, tooltip } = rowOf(session);
      const lines = tooltip?.lines.filter(({ name }) => name !== 'Session') ?? [];
      const all = [label, description, spoken, tooltip?.title, ...lines.map(({ value }) => value)].join('\n');
      assert.doesNotMatch(all, /a3cf0b0e/);
    });

    it('have the rest in their tooltips', () => {
      const [first] = agents;
      const tooltip = rowOf({ ...first, docker_slot: 3 }, { labels, own: new Set([first.session_id]) }).tooltip;
      assert.equal(tooltip?.title, 'Add a coupon field to the checkout');
      const names = tooltip?.lines.map(({ name, value, isTime }) => (isTime ? name : `${name}: ${value}`));
      assert.deepEqual(names?.slice(0, -1), [
        'State: waits for input',
        'Last heartbeat: just now',
        'Asks: May I run npm test?',
        'Project: acme/shop',
        'Branch: feature/coupons',
        'Worktree: shop-coupons',
        'Machine: laptop',
        'Slot: 3',
        'Tracked by: this window',
        'Started',
      ]);
    });
  });

  describe('what a session does', () => {
    const idle = sampleSession({ project_id: 'idle', activity: 'idle' });
    const byClaude = { metadata: { source: 'claude-code' }, activity: 'idle' } as const;
    const limited = sampleSession({
      ...byClaude,
      project_id: 'limited',
      activity_detail: 'Rate limited until 14:00',
    });

    it('tells those that work from those that are idle', () => {
      const [working, resting] = [rowOf(healthy), rowOf(idle)];
      assert.deepEqual([working.description, resting.description], ['working · under 1 min', 'idle · under 1 min']);
      assert.deepEqual([working.icon?.id, resting.icon?.id], ['pulse', 'circle-outline']);
      assert.match(working.spoken, /: working\. /);
      assert.match(resting.spoken, /: idle\. /);
      assert.deepEqual([working.tooltip?.lines[0]?.value, resting.tooltip?.lines[0]?.value], ['working', 'idle']);
      assert.equal(rowOf(sampleSession({ activity: 'unknown' })).icon?.id, 'pulse');
    });

    it('is counted in the groups', () => {
      assert.deepEqual(
        outline(build([healthy, idle, sampleSession({ project_id: 'other' })])).filter((line) => line[0] !== '>'),
        ['Running 2 working, 1 idle'],
      );
      const here = { machine_id: 'laptop' };
      assert.deepEqual(
        outline(build([healthy, idle, { ...stalled, ...here }, completed], { grouping: 'machine' }))[0],
        'laptop 4, 1 needs attention, 1 working, 1 idle',
      );
    });

    it('needs attention where an error or a limit keeps it at its prompt, and is not to be recovered', () => {
      assert.deepEqual(outline(build([limited, healthy])), [
        'Needs Attention 1',
        '> limited',
        'Running 1 working',
        '> healthy',
      ]);
      const row = rowOf(limited);
      assert.equal(row.description, 'Rate limited until 14:00 · under 1 min');
      assert.equal(row.icon?.id, 'warning');
      assert.equal(row.contextValue, 'session.stopped.live.dismissible');
      assert.match(row.spoken, /: stopped\. Reason: Rate limited until 14:00\. Running for under 1 min\.$/);
      assert.deepEqual(outline(build([limited], { isDismissed: () => true })), ['Running 1 stopped', '> limited']);
    });

    it('is only idle for what other orchestrators say of their idle sessions', () => {
      const session = sampleSession({ activity: 'idle', activity_detail: 'The queue is empty' });
      assert.equal(rowOf(session).description, 'idle · under 1 min');
    });

    it('stays stopped while it is late, and is stalled after that', () => {
      const at = (health: Session['health']) => rowOf({ ...limited, health }).contextValue.split('.')[1];
      assert.deepEqual([at('healthy'), at('late'), at('stalled')], ['stopped', 'stopped', 'stalled']);
    });

    it('can be filtered by', () => {
      const found = (text: string) =>
        outline(build([healthy, idle, limited], { filter: parseFilter(text) })).filter((line) => line.startsWith('>'));
      assert.deepEqual(found('is:idle'), ['> idle']);
      assert.deepEqual(found('is:working'), ['> healthy']);
      assert.deepEqual(found('is:stopped'), ['> limited']);
      assert.equal(found('is:running').length, 3);
    });
  });

  it('says why a session failed', () => {
    const session = sampleSession({
      status: 'failed',
      ...over,
      error_message: 'Interrupted while it waited for an answer to: Bash: npm test',
    });
    const row = rowOf(session);
    assert.match(row.description, /^Interrupted while it waited for an answer to: Bash: npm test · 30 min ago$/);
    assert.match(row.spoken, /: failed\. Ended 30 min ago\. Reason: Interrupted while it waited .* npm test\.$/);
    const reason = row.tooltip?.lines.find(({ name }) => name === 'Reason');
    assert.equal(reason?.value, session.error_message);
  });

  describe('what is known of a session of Claude Code on this machine alone', () => {
    const known = sampleKnown({
      proof: { signal: 'hook', name: 'PermissionRequest', at: START - 3000 },
      currentTool: 'Bash: npm test',
      lastMessage: `[Click](command:rm)\n${'x'.repeat(500)}`,
      model: 'claude-opus-4-5',
      contextTokens: 123_456,
    });
    const claude = { knownOf: (id: string) => (id === healthy.session_id ? known : undefined) };
    const linesOf = (session: Session, of = claude) =>
      Object.fromEntries(rowOf(session, { claude: of }).tooltip?.lines.map(({ name, value }) => [name, value]) ?? []);

    it('is in its tooltip', () => {
      const { 'Last message': message = '', ...lines } = linesOf(healthy);
      assert.equal(lines['Known from'], 'its hook PermissionRequest, just now');
      assert.equal(lines['Tool'], 'Bash: npm test');
      assert.equal(lines['Model'], 'claude-opus-4-5');
      assert.equal(lines['Context'], '123k tokens');
      assert.match(message, /^\[Click\]\(command:rm\) x+…$/);
      assert.ok(message.length <= 240);
      assert.equal('Known from' in linesOf(waiting), false);
      assert.equal('Conversation' in lines, false);
    });

    it('names each signal', () => {
      const from = (signal: 'register' | 'process', name: string) =>
        linesOf(healthy, { knownOf: () => sampleKnown({ proof: { signal, name, at: START - 2 * MINUTE } }) })[
          'Known from'
        ];
      assert.equal(from('register', 'busy'), 'Claude Code’s register: busy, 2 min ago');
      assert.equal(from('process', 'alive'), 'its process: alive, 2 min ago');
    });

    it('says that two processes work on one conversation, also to those who hear it', () => {
      const double = { knownOf: () => sampleKnown({ isDouble: true }) };
      assert.equal(linesOf(healthy, double)['Conversation'], 'another process works on it too');
      assert.match(rowOf(healthy, { claude: double }).spoken, /Another process works on the same conversation\./);
    });

    it('offers its terminal while it lives', () => {
      const everything = { knownOf: () => sampleKnown() };
      const value = (session: Session) => rowOf(session, { claude: everything }).contextValue;
      assert.equal(value(healthy), 'session.working.live.terminal');
      assert.equal(value(waiting), 'session.waiting.live.dismissible.terminal');
      assert.equal(value(completed), 'session.completed.archivable');
      assert.equal(rowOf(waiting).contextValue, 'session.waiting.live.dismissible');
    });

    it('offers the command that resumes its conversation, also when it is over', () => {
      const over = { ...completed, metadata: { claude_session_id: 'abc' } };
      assert.equal(rowOf(over).contextValue, 'session.completed.archivable.conversation');
    });
  });

  it('names the project where nothing else is known, and the machine in a group of the project', () => {
    const session = sampleSession({ docker_slot: 3, metadata: { title: '  ', branch: 7 } });
    const labelIn = (grouping: TreeInput['grouping']) => rowOf(session, { grouping }).label;
    assert.equal(labelIn('health'), 'acme/shop');
    assert.equal(labelIn('machine'), 'acme/shop');
    assert.equal(labelIn('project'), 'laptop');
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
    const said = (id: string) =>
      JSON.stringify(rows.get(`session ${id}`)?.tooltip).includes('shared with another agent');
    assert.deepEqual(
      [one, other, healthy].map(({ session_id }) => said(session_id)),
      [true, true, false],
    );
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
      labels('checkout', {
        labels: sampleLabels((session) => (session === healthy ? 'Write the checkout' : undefined)),
      }),
      ['> Write the checkout'],
    );
    assert.deepEqual(labels('nothing of the kind'), []);
  });

  it('tells menus what can be done', () => {
    const values = all.map((session) => rowOf(session).contextValue);
    assert.deepEqual(values, [
      'session.completed.archivable',
      'session.working.live',
      'session.failed.recoverable.archivable.dismissible',
      'session.archived',
      'session.waiting.live.dismissible',
      'session.recovered.archivable',
      'session.paused.live',
      'session.stalled.live.recoverable.dismissible',
      'session.stalled.live.recoverable.dismissible',
    ]);
    assert.equal(
      rowOf(silent, { own: new Set([silent.session_id]) }).contextValue,
      'session.stalled.live.dismissible.own',
    );
  });

  it('says how long it runs, or how long ago it ended', () => {
    const state = (session: Session) => rowOf(session).description;
    assert.equal(state(failed), 'it broke · 30 min ago');
    assert.equal(state(waiting), 'asks: May I? · under 1 min');
    assert.equal(state(paused), 'paused · under 1 min');
    assert.equal(state(completed), 'completed · 30 min ago');
    assert.equal(state({ ...healthy, activity: 'idle' }), 'idle · under 1 min');
  });

  it('lets rows age by themselves, also that of a healthy session', () => {
    const at = (minutes: number, session = healthy) =>
      rowOf(session, { vitals: { now: START + minutes * MINUTE, stallThresholdMs: 3 * MINUTE } });
    assert.equal(at(0).description, 'working · under 1 min');
    assert.equal(at(1).description, 'working · 1 min');
    assert.equal(at(2).description, 'late · silent for 2 min');
    assert.equal(at(2).contextValue, 'session.late.live');
    const alive = { ...healthy, last_heartbeat: '2026-03-02T12:00:00.000Z' };
    assert.equal(at(3 * 60, alive).description, 'working · 3 h');
    assert.equal(at(27 * 60, alive).description, 'working · 1 d 3 h');
  });

  describe('what needed somebody for more than a day', () => {
    const now = { vitals: { now: START + 25 * 60 * MINUTE, stallThresholdMs: 3 * MINUTE } };
    const fresh = sampleSession({
      project_id: 'fresh',
      status: 'stalled',
      health: 'stalled',
      last_heartbeat: '2026-03-02T09:50:00.000Z',
    });
    const asking = { ...waiting, last_heartbeat: '2026-03-02T10:00:00.000Z' };

    it('has a group of its own, which is closed and can be dismissed at once', () => {
      const tree = build([failed, stalled, fresh, asking, healthy], now);
      assert.deepEqual(outline(tree), [
        'Needs Attention 2',
        '> fresh',
        '> waiting',
        'Running 1 late',
        '> healthy',
        'Older Than a Day 2',
        '> failed',
        '> stalled',
      ]);
      const row = tree.rows.get('group health older');
      assert.deepEqual([row?.expansion, row?.contextValue], ['collapsed', 'group.health.older']);
    });

    it('stays readable with hundreds of them', () => {
      const old = Array.from({ length: 337 }, () => sampleSession({ status: 'failed', ...over }));
      assert.deepEqual(
        build([...old, fresh, healthy], now).roots.map(({ id }) => id),
        ['group health attention', 'group health running', 'group health older'],
      );
    });
  });

  it('moves dismissed sessions to the recent ones, where they can be found and restored', () => {
    const dismissed = { isDismissed: (id: string) => id === stalled.session_id || id === healthy.session_id };
    assert.deepEqual(outline(build([stalled, failed, healthy], dismissed)), [
      'Needs Attention 1',
      '> failed',
      'Running 1 working',
      '> healthy',
      'Recent 1',
      '> stalled',
    ]);
    const row = rowOf(stalled, dismissed);
    assert.equal(row.contextValue, 'session.stalled.live.recoverable.dismissed');
    assert.match(row.description, /^stalled · .* · dismissed$/);
    assert.deepEqual(outline(build(all, { ...dismissed, filter: parseFilter('is:dismissed') })), [
      'Recent 1',
      '> stalled',
    ]);
  });

  it('says how many of those that need attention this person can act on', () => {
    const needYou = new Set([stalled.session_id]);
    assert.equal(
      build([stalled, failed], { needYou }).rows.get('group health attention')?.description,
      '2, 1 needs you',
    );
    assert.equal(build([stalled], { needYou }).rows.get('group health attention')?.description, '1');
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
      const busy = { ...healthy, metadata: { title: 'Compile' } };
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
      const young = sampleSession({
        started_at: '2026-03-01T09:00:30.000Z',
        last_heartbeat: '2026-03-01T09:00:30.000Z',
      });
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
    labels: sampleLabels(() => 'Write the checkout'),
    claude: new FakeClaude(),
    own: new Set(),
    isDismissed: () => false,
    needYou: new Set(),
    grouping: 'health',
    filter: NO_FILTER,
    hasMore: true,
    notice: undefined,
  });
});
