// Proves that `pnpm docs:check` finds what it is there to find: each kind of untruth, planted.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { missingFrom } from './completeness.ts';
import { type Document, parseDocument } from './documents.ts';
import { play } from './examples.ts';
import { staleParts, table, withGenerated } from './generated.ts';
import { vocabularyOf } from './known-names.ts';
import { brokenLinks } from './links.ts';
import { laidOut, masked } from './masks.ts';
import { sourcesOf } from './sources.ts';
import { unknownNames } from './vocabulary.ts';

const workspace = resolve(import.meta.dirname, '../..');
const guide = (text: string): Document => parseDocument('docs/GUIDE.md', text);

describe('the check of the documentation', () => {
  describe('on links', () => {
    const folder = mkdtempSync(join(tmpdir(), 'claude-projects-links-'));
    for (const name of ['page.md', 'other.md']) writeFileSync(join(folder, name), '');
    after(() => rmSync(folder, { recursive: true }));
    const other = parseDocument('other.md', '# One\n\n## Some `code`, twice\n\n## Some code, twice\n');
    const problemsOf = (link: string) =>
      brokenLinks([parseDocument('page.md', `# Page\n\n[here](${link})\n`), other], folder);

    for (const link of ['other.md', 'other.md#one', 'other.md#some-code-twice-1', '#page', 'https://example.com/x']) {
      it(`has nothing against ${link}`, () => assert.deepEqual(problemsOf(link), []));
    }
    for (const link of [
      'gone.md',
      'other.md#two',
      '#one',
      '../outside.md',
      'http://example.com',
      'ftp://example.com',
    ]) {
      it(`finds ${link}, and its line`, () => {
        const [problem = '', ...more] = problemsOf(link);
        assert.ok(problem.startsWith('page.md:3 '), problem);
        assert.deepEqual(more, []);
      });
    }
  });

  describe('on names', () => {
    const vocabulary = vocabularyOf(workspace);
    const known = [
      '`STALL_THRESHOLD_MS`',
      '`SESSION_ENDED`',
      '`claudeProjects.groupBy`',
      '`claudeProjects.startSession`',
      '`GET /api/sessions/:sessionId/health`',
      '`PUT /api/tasks/7`',
      '`pnpm --filter api consistency`',
      '`npx -y pnpm@12.21.0 start`',
      '```bash\ncurl -s -X POST "$URL/api/sessions/7/heartbeat"\n```',
      '```ts\nclaudeProjects.startOrchestration();\n```',
    ];
    const unknown = [
      '`STALL_THRESHOLD_MINUTES`',
      '`SESSION_DIED`',
      '`claudeProjects.colour`',
      '`POST /api/sessions/:sessionId/revive`',
      '`DELETE /api/stats`',
      '`pnpm launch`',
      '`pnpm --filter apis consistency`',
      '```bash\ncurl -s "$URL/api/sessions/7/heartbeat"\n```',
    ];
    for (const text of known) it(`knows ${text}`, () => assert.deepEqual(unknownNames(guide(text), vocabulary), []));
    for (const text of unknown) {
      it(`does not know ${text}`, () => assert.equal(unknownNames(guide(text), vocabulary).length, 1));
    }
  });

  describe('on what is generated', () => {
    const sources = sourcesOf(workspace);

    it('accepts what was just written', () => {
      const written = withGenerated(guide('<!-- generated: errors -->\n<!-- /generated -->\n'), sources);
      assert.match(written, /\| `SESSION_ENDED` +\| 409 /);
      assert.deepEqual(staleParts(guide(written), sources), []);
    });

    it('finds a figure that somebody changed', () => {
      const written = withGenerated(guide('<!-- generated: environment -->\n<!-- /generated -->\n'), sources);
      const changed = written.replace('`180000`', '`170000`');
      assert.notEqual(changed, written);
      assert.equal(staleParts(guide(changed), sources).length, 1);
    });

    it('finds a part that nothing generates', () => {
      const [problem = ''] = staleParts(guide('<!-- generated: weather -->\n<!-- /generated -->\n'), sources);
      assert.match(problem, /"weather"/);
    });

    it('names every setting, command, variable and field of a request', () => {
      assert.match(
        sources['settings']?.('') ?? '',
        /`claudeProjects\.heartbeatIntervalSeconds` +\| `60` .*From 10 to 300/,
      );
      assert.match(sources['commands']?.('') ?? '', /\*\*Recover Session\*\*/);
      assert.match(sources['endpoint']?.('createSession') ?? '', /\| `project_id` \(required\) +\| text, up to 200 /);
    });

    it('keeps a bar in a cell from ending it', () => {
      assert.equal(table(['a'], [['x|y']]), '| a    |\n| ---- |\n| x\\|y |');
    });
  });

  it('finds an endpoint that has no place in the reference, and one that nobody shows', () => {
    const problems = missingFrom([parseDocument('docs/API.md', '<!-- generated: endpoint getSession -->')]);
    assert.ok(problems.some((problem) => problem.includes('lacks <!-- generated: endpoint recoverSession -->')));
    assert.ok(!problems.some((problem) => problem.includes('lacks <!-- generated: endpoint getSession -->')));
    assert.ok(problems.some((problem) => problem.includes('shows no GET /api/sessions/:sessionId that can be run')));
  });

  describe('on examples', () => {
    before(function () {
      // They are for a shell, and a Windows without one cannot say whether they are right.
      if (process.platform === 'win32') this.skip();
    });
    const health = 'curl -s "$URL/health/live"';
    const shown = (command: string, reply: string) =>
      guide(`Text.\n\n\`\`\`bash run\n${command}\n\`\`\`\n\n\`\`\`json reply\n${reply}\n\`\`\`\n\nMore.\n`);

    it('finds a reply that is another, and writes the right one', async () => {
      const { problems, failures, text } = await play(shown(health, '{ "status": "fine" }'), workspace);
      assert.equal(problems.length, 1);
      assert.deepEqual(failures, []);
      assert.ok(text.startsWith('Text.\n') && text.endsWith('\n```\n\nMore.\n'), text);
      const again = await play(guide(text), workspace);
      assert.deepEqual(again.problems, []);
      assert.equal(again.ran, 1);
    });

    it('finds a command that fails, whatever it shows', async () => {
      const { failures } = await play(guide('```bash run\nfalse | cat\n```\n'), workspace);
      assert.equal(failures.length, 1);
    });

    it('finds a reply that belongs to no command', async () => {
      const { failures, ran } = await play(guide('```bash\nls\n```\n\n```json reply\n{}\n```\n'), workspace);
      assert.equal(failures.length, 1);
      assert.equal(ran, 0);
    });
  });

  describe('on two replies', () => {
    const id = '0b1e4a52-6c1d-4f0e-9a37-5d2c8f6b1e01';
    const other = '0b1e4a52-6c1d-4f0e-9a37-5d2c8f6b1e02';
    const same = (one: object, two: object, named: readonly string[] = []) =>
      masked(JSON.stringify(one), new Set(named)) === masked(laidOut(JSON.stringify(two)), new Set(named));

    it('sees past times, ids of the server and what is measured', () => {
      const one = { at: '2026-01-01T00:00:00.000Z', request_id: id, duration_ms: 3 };
      assert.ok(same(one, { at: '2027-01-01T00:00:00.000Z', request_id: other, duration_ms: 4 }));
    });

    it('sees a state, a field and an id that the commands name', () => {
      assert.ok(!same({ status: 'active' }, { status: 'stalled' }));
      assert.ok(!same({ a: 1 }, { a: 1, b: 2 }));
      assert.ok(!same({ duration_ms: 3 }, { duration_ms: null }));
      assert.ok(!same({ session_id: id }, { session_id: other }, [id]));
    });
  });
});
