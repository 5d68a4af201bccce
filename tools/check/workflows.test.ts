import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';

const folder = resolve(import.meta.dirname, '../../.github/workflows');
const files = readdirSync(folder);

interface Node {
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function node(value: unknown): Node {
  assert.ok(isNode(value));
  return value;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parse(file: string): Node {
  const document = parseDocument(readFileSync(join(folder, file), 'utf8'), { strict: true });
  assert.deepEqual([...document.errors, ...document.warnings], []);
  return node(document.toJS());
}

function jobsOf(file: string): [string, Node][] {
  return Object.entries(node(parse(file)['jobs'])).map(([name, job]) => [name, node(job)]);
}

function stepsOf(job: Node): Node[] {
  return Array.isArray(job['steps']) ? job['steps'].map(node) : [];
}

describe('the workflows', () => {
  it('are those that check and publish', () => {
    assert.deepEqual(files.toSorted(), ['ci.yml', 'publish.yml']);
  });

  for (const file of files) {
    it(`${file}: may only read, runs once at a time, and gives up in time`, () => {
      const workflow = parse(file);
      assert.deepEqual(workflow['permissions'], { contents: 'read' });
      assert.equal(typeof node(workflow['concurrency'])['group'], 'string');
      for (const [name, job] of jobsOf(file)) {
        assert.equal(job['permissions'], undefined, `${name} asks for more`);
        if (job['uses'] === undefined) assert.equal(typeof job['timeout-minutes'], 'number', name);
      }
    });

    it(`${file}: uses only actions pinned to a commit, with the version beside it`, () => {
      const used = jobsOf(file).flatMap(([, job]) => [
        text(job['uses']),
        ...stepsOf(job).map((step) => text(step['uses'])),
      ]);
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      for (const action of used) {
        if (action === '' || action.startsWith('./')) continue;
        assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        const line = lines.find((line) => line.includes(action)) ?? '';
        assert.match(line, /# v\d+\.\d+\.\d+$/, action);
      }
    });

    it(`${file}: leaves no credentials in a checkout`, () => {
      const checkouts = jobsOf(file)
        .flatMap(([, job]) => stepsOf(job))
        .filter((step) => text(step['uses']).startsWith('actions/checkout@'));
      for (const step of checkouts) assert.equal(node(step['with'])['persist-credentials'], false);
    });

    it(`${file}: puts nothing that others write into a command`, () => {
      for (const [name, job] of jobsOf(file)) {
        for (const step of stepsOf(job)) assert.doesNotMatch(text(step['run']), /\$\{\{/, name);
      }
    });
  }

  it('test on three systems', () => {
    const [, test] = jobsOf('ci.yml').find(([name]) => name === 'test') ?? assert.fail('there is no job of that name');
    const { os } = node(node(test['strategy'])['matrix']);
    assert.deepEqual(os, ['ubuntu-latest', 'macos-latest', 'windows-latest']);
  });

  it('know secrets only where a tag is published, after everything has passed', () => {
    assert.doesNotMatch(readFileSync(join(folder, 'ci.yml'), 'utf8'), /secrets\./);
    const publish = parse('publish.yml');
    assert.deepEqual(Object.keys(node(publish['on'])), ['push']);
    assert.deepEqual(Object.keys(node(node(publish['on'])['push'])), ['tags']);
    const [, job] = jobsOf('publish.yml').find(([name]) => name === 'publish') ?? assert.fail('nothing is published');
    assert.equal(job['needs'], 'ci');
    const secrets = JSON.stringify(stepsOf(job)).match(/secrets\.\w+/g) ?? [];
    assert.deepEqual(secrets, ['secrets.VSCE_PAT', 'secrets.OVSX_PAT']);
  });

  it('install pnpm in the version that everybody uses', () => {
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      const versions = new Set([...text.matchAll(/pnpm@([\d.]+)/g)].map(([, version]) => version));
      assert.deepEqual([...versions], ['12.21.0']);
    }
  });
});
