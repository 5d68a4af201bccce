import assert from 'node:assert/strict';
import type { Session, Task } from '@claude-projects/shared/client';
import type { ClaudeKnown } from '../../src/claude-code/claude-known.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { pageDocument } from '../../src/session-page/page-document.ts';
import { timeText } from '../../src/session-page/page-times.ts';
import { type SessionFacts, sessionPage } from '../../src/session-page/session-page.ts';
import { sampleTask } from '../sessions/support/store-bench.ts';
import { sampleKnown } from '../support/fake-claude.ts';
import { sampleSession } from '../support/sample-session.ts';

const NOW = Date.parse('2026-03-01T11:12:00.000Z');
const READER = { now: NOW, locale: 'en-GB', timeZone: 'Europe/Zurich', localize: inEnglish };
const agoMs = (ms: number) => new Date(NOW - ms).toISOString();
const MINUTE = 60_000;

function pageOf(changes: Partial<Session> = {}, facts: Partial<SessionFacts> = {}) {
  const session = sampleSession({ last_heartbeat: agoMs(0), ...changes });
  const tasks = facts.tasks ?? [];
  return sessionPage(
    {
      session,
      label: session.project_id,
      tasks,
      totalTasks: tasks.length,
      currentTaskName: undefined,
      stallThresholdMs: 3 * MINUTE,
      isOwn: false,
      claude: undefined,
      labelOf: () => undefined,
      problem: undefined,
      ...facts,
    },
    READER,
  );
}

/** The text of a section: without tags, and with one space between words. */
const wordsOf = (section: string) =>
  section
    .replaceAll(/<\/(p|dt|dd|li|h1|h2|button|strong|div|span)>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
const statusOf = (changes: Partial<Session>) => wordsOf(pageOf(changes).sections.status);
const actionsOf = (changes: Partial<Session>, facts?: Partial<SessionFacts>) =>
  [...pageOf(changes, facts).sections.actions.matchAll(/data-command="claudeProjects\.(\w+)"/g)].map(([, id]) => id);
const task = (changes: Partial<Task>) => sampleTask(sampleSession(), changes);
const taskLine = (changes: Partial<Task>, session: Partial<Session> = {}) =>
  wordsOf(pageOf(session, { tasks: [task(changes)] }).sections.tasks).replace(/^Tasks \d of \d completed /, '');

describe('the page of a session', () => {
  it('is named after what the session is about', () => {
    assert.equal(pageOf({}, { label: 'Fix the\ncheckout' }).title, 'Fix the checkout');
  });

  it('says in plain words how the session is, since when, and how long it ran', () => {
    const ended = { health: 'ended', completed_at: '2026-03-01T10:30:00.000Z' } as const;
    assert.equal(statusOf({}), 'Working for 2 h 12 min · since 10:00');
    assert.equal(statusOf({ last_heartbeat: agoMs(2 * MINUTE) }), 'Late last heartbeat 12:10 · 2 min ago');
    assert.equal(
      statusOf({ health: 'stalled', last_heartbeat: '2026-03-01T11:00:00.000Z' }),
      'Stalled since 12:03 · 9 min ago · ran for 2 h',
    );
    assert.equal(
      statusOf({ health: 'waiting', activity_detail: 'May I?', last_progress_at: agoMs(5 * MINUTE) }),
      'Waits for input last progress 12:07 · 5 min ago Asks May I?',
    );
    assert.equal(
      statusOf({ ...ended, status: 'failed', error_message: 'No space left' }),
      'Failed 11:30 · 42 min ago · ran for 1 h 30 min Reason No space left',
    );
    assert.equal(statusOf({ ...ended, status: 'completed' }), 'Completed 11:30 · 42 min ago · ran for 1 h 30 min');
    assert.match(statusOf({ ...ended, status: 'completed', archived_at: agoMs(0) }), /^Archived /);
    assert.match(statusOf({ ...ended, status: 'failed', recovered_by: 'x' }), /^Recovered /);
  });

  it('offers what can be done in the state of the session', () => {
    const dead = { status: 'failed', health: 'ended', completed_at: agoMs(0) } as const;
    assert.deepEqual(actionsOf({}), ['completeSession', 'markSessionFailed', 'copySessionId']);
    assert.deepEqual(actionsOf({}, { isOwn: true })[0], 'startTask');
    assert.deepEqual(actionsOf({ health: 'stalled' })[0], 'recoverSession');
    assert.deepEqual(actionsOf(dead), ['recoverSession', 'archiveSession', 'copySessionId']);
    assert.deepEqual(actionsOf({ ...dead, recovered_by: 'x' }), ['archiveSession', 'copySessionId']);
    assert.deepEqual(actionsOf({ ...dead, archived_at: agoMs(0) }), ['copySessionId']);
  });

  it('shows each task with its state, how long it took, its issue and the reason why it stopped', () => {
    assert.equal(taskLine({ status: 'pending', started_at: null }), 'Write the checkout pending');
    assert.equal(taskLine({}), 'Write the checkout in progress · 2 h 12 min · since 10:00');
    assert.equal(
      taskLine({ status: 'completed', completed_at: '2026-03-01T09:00:42.000Z', github_issue_id: '#12' }),
      'Write the checkout completed · 42 s · ended 10:00 · issue #12',
    );
    assert.match(taskLine({ status: 'failed', error_message: 'It broke' }), / It broke$/);
    assert.match(taskLine({ status: 'blocked', metadata: { block_reason: 'Needs a key' } }), /blocked .* Needs a key$/);
    assert.doesNotMatch(taskLine({ status: 'in_progress', metadata: { block_reason: 'Needs a key' } }), /Needs a key/);
    const over = { status: 'completed', health: 'ended', completed_at: '2026-03-01T09:30:00.000Z' } as const;
    assert.match(taskLine({}, over), /was in progress · 30 min/);
  });

  it('says how far the tasks are, and that there are more, none, or none that could be read', () => {
    const tasks = [task({ status: 'completed' }), task({})];
    assert.match(
      wordsOf(pageOf({}, { tasks, totalTasks: 7 }).sections.tasks),
      /^Tasks 1 of 7 completed .* and 5 more$/,
    );
    assert.equal(wordsOf(pageOf({}).sections.tasks), 'Tasks No tasks yet.');
    const unread = { tasks: undefined, totalTasks: 0 };
    const session = sampleSession();
    const facts = {
      session,
      label: 'acme/shop',
      currentTaskName: undefined,
      stallThresholdMs: 1,
      isOwn: false,
      claude: undefined,
      labelOf: () => undefined,
    };
    const read = (problem: string | undefined) =>
      wordsOf(sessionPage({ ...facts, ...unread, problem }, READER).sections.tasks);
    assert.equal(read(undefined), 'Tasks Reading the tasks…');
    assert.equal(read('Offline'), 'Tasks The tasks could not be read.');
  });

  describe('of a session of Claude Code', () => {
    const claude = (facts: Partial<ClaudeKnown> = {}) => ({ claude: sampleKnown(facts) });
    const byClaude = { metadata: { source: 'claude-code' } };

    it('says what is known of it on this machine, as text', () => {
      const { facts } = pageOf(
        byClaude,
        claude({
          proof: { signal: 'register', name: 'busy', at: READER.now - 3 * MINUTE },
          currentTool: 'Bash: npm test',
          lastMessage: '<img src=x onerror=alert(1)>\nDone.',
          model: 'claude-opus-4-5',
          contextTokens: 980,
        }),
      ).sections;
      assert.doesNotMatch(facts, /<img/);
      assert.match(
        wordsOf(facts),
        /Known from Claude Code’s register: busy, 3 min ago Tool Bash: npm test Last message &lt;img src=x onerror=alert\(1\)&gt; Done\. Model claude-opus-4-5 Context 980 tokens/,
      );
    });

    it('says that two processes work on one conversation', () => {
      const status = wordsOf(pageOf(byClaude, claude({ isDouble: true })).sections.status);
      assert.match(status, /Another process works on the same conversation Both write to it/);
    });

    it('says why it does not go on', () => {
      const status = statusOf({ ...byClaude, activity: 'idle', activity_detail: 'API error: 529 Overloaded' });
      assert.equal(status, 'Stopped started 10:00 · 2 h ago Reason API error: 529 Overloaded');
    });

    it('leads to its terminal, first of all where it waits for somebody', () => {
      const shown = (changes: Partial<Session>) => pageOf(changes, claude()).sections.actions;
      const waiting = { health: 'waiting', activity: 'waiting_for_input' } as const;
      assert.equal(actionsOf(waiting, claude())[0], 'showTerminal');
      assert.match(shown(waiting), /id="claudeProjects\.showTerminal" class="primary"/);
      assert.match(shown({}), /id="claudeProjects\.showTerminal" class=""/);
      assert.equal(actionsOf(waiting).includes('showTerminal'), false);
    });
  });

  it('tells a session that is idle from one that works', () => {
    assert.equal(statusOf({ activity: 'idle' }), 'Idle started 10:00 · 2 h ago');
  });

  it('says what an interrupted session was doing', () => {
    const status = statusOf({
      status: 'failed',
      health: 'ended',
      completed_at: agoMs(0),
      error_message: 'Interrupted while Bash: npm test ran',
    });
    assert.match(status, /^Failed .* Reason Interrupted while Bash: npm test ran$/);
  });

  it('shows places as people know them, and never a slot that was worked out', () => {
    const facts = (changes: Partial<Session>) => wordsOf(pageOf(changes).sections.facts);
    assert.match(
      facts({ docker_slot: 2, metadata: { branch: 'main', cwd: '/srv/shop' } }),
      /Slot 2 Branch main Folder \/srv\/shop/,
    );
    assert.doesNotMatch(facts({ docker_slot: 62_111 }), /Slot|62111/);
    assert.match(facts({ metadata: { cwd: '/srv', worktree: '/srv/wt' } }), /Folder \/srv\/wt/);
  });

  it('leads to the session that it continues and to the one that continues it', () => {
    const { sections } = pageOf(
      { recovered_from: 'first', recovered_by: 'third', recovery_attempts: 2 },
      { labelOf: (id) => (id === 'first' ? 'Fix it' : undefined) },
    );
    assert.equal(wordsOf(sections.lineage), 'Recovery Continues Fix it Continued by session third Recoveries so far 2');
    assert.match(sections.lineage, /<a [^>]*data-command="claudeProjects\.showSessionDetails" data-session="first">/);
    assert.equal(pageOf().sections.lineage, '');
  });

  it('shows metadata as names and values, and nothing where there is none', () => {
    const metadata = {
      title: 'Shown above',
      demo: true,
      claude_session_id: 'abc',
      tags: ['a', 2],
      at: { deep: { er: null } },
    };
    assert.equal(
      wordsOf(pageOf({ metadata }).sections.metadata),
      'Metadata Demo yes Claude session id abc Tags a 2 At Deep Er nothing',
    );
    assert.equal(pageOf().sections.metadata, '');
    assert.equal(pageOf({ metadata: { title: 'Shown above' } }).sections.metadata, '');
    let deep: Session['metadata'] = { leaf: '<b>' };
    for (let depth = 0; depth < 7; depth += 1) deep = { inner: deep };
    assert.match(pageOf({ metadata: deep }).sections.metadata, /\{&quot;inner&quot;:.*&lt;b&gt;/);
  });

  const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>\u202e</main>\'& `${x}`';
  it('keeps what others wrote from being anything but text', () => {
    const changes: Partial<Session> = {
      session_id: hostile,
      project_id: hostile,
      machine_id: hostile,
      activity_detail: hostile,
      error_message: hostile,
      recovered_from: hostile,
      recovered_by: null,
      health: 'waiting',
      metadata: { title: hostile, branch: hostile, cwd: hostile, [hostile]: [hostile, { [hostile]: hostile }] },
    };
    const tasks = [
      task({ task_name: hostile, error_message: hostile, github_issue_id: hostile }),
      task({ task_name: 'b', status: 'blocked', metadata: { block_reason: hostile } }),
    ];
    const facts = { tasks, label: hostile, currentTaskName: hostile, labelOf: () => hostile, problem: hostile };
    const { sections, title } = pageOf(changes, facts);
    const frame = { nonce: 'abc', style: 'style.css', script: 'script.js', locale: 'en', title, sessionId: hostile };
    const text = pageDocument(sections, frame);
    const tags = new Set([...text.matchAll(/<([a-z0-9]+)/gi)].map(([, name]) => name));
    assert.ok(!tags.has('img'));
    assert.equal(text.match(/<script/g)?.length, 1);
    assert.equal(text.match(/<\/main>/g)?.length, 1);
    assert.doesNotMatch(text.replaceAll(/"[^"]*"/g, '""'), /<[^>]*\son\w+=/);
    assert.doesNotMatch(text, /\u202e/);
  });

  it('loads nothing but its style and its script', () => {
    const frame = { nonce: 'abc', style: 'style.css', script: 'script.js', locale: 'en', title: 'A', sessionId: 'x' };
    const text = pageDocument(pageOf().sections, frame);
    assert.ok(
      text
        .replaceAll('&#39;', "'")
        .includes(`content="default-src 'none'; style-src 'nonce-abc'; script-src 'nonce-abc'"`),
    );
    assert.doesNotMatch(text, /\sstyle=|https?:/);
    assert.match(text, /<html lang="en">/);
  });

  it('cannot be pressed before its script has drawn it', () => {
    const frame = { nonce: 'abc', style: 'style.css', script: 'script.js', locale: 'en', title: 'A', sessionId: 'x' };
    assert.match(pageDocument(pageOf().sections, frame), /<main [^>]*\binert>/);
  });
});

describe('times on a page', () => {
  it('are those of the reader, with the day where it is another', () => {
    assert.equal(timeText('2026-03-01T09:00:00.000Z', READER), '10:00');
    assert.equal(timeText('2026-02-28T22:59:00.000Z', READER), '28 Feb 2026, 23:59');
  });
});
