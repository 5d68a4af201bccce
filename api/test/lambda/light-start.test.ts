import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import * as zlib from 'node:zlib';
import { type Plugin, rolldown } from 'rolldown';
import * as z from 'zod/mini';
import { functionBuild } from '../../build/function-builds.ts';
import { onDemand, SELDOM } from '../../build/light-start/on-demand.ts';
import { ownBuiltins } from '../../build/light-start/own-builtins.ts';
import { plainPasswords } from '../../build/light-start/plain-passwords.ts';
import { withPlainStrings } from '../../build/light-start/plain-strings.ts';
import { idOf, REPLACEMENTS, replacedModules } from '../../build/light-start/replaced-modules.ts';
import { slashed } from '../../build/light-start/slashed.ts';
import { CHANGES } from '../../build/light-start/small-changes.ts';

const api = join(import.meta.dirname, '../..');
/** Where the packages that only other packages know of are found from. */
const driver = createRequire(createRequire(import.meta.url).resolve('mongoose')).resolve('mongodb');

interface PreparesPasswords {
  saslprep(password: string): string;
}
const PreparesPasswords = z.custom<PreparesPasswords>(
  (given) => typeof Reflect.get(Object(given), 'saslprep') === 'function',
);

const folders: string[] = [];

describe('a light start', () => {
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('prepares passwords as the whole of SASLprep does', async () => {
    const whole = z.parse(PreparesPasswords, createRequire(driver)('@mongodb-js/saslprep'));
    const code = `import { saslprep } from '@mongodb-js/saslprep'; export { saslprep };`;
    const plain = z.parse(PreparesPasswords, await bundled(code, plainPasswords()));
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
    for (const password of [
      '',
      'pencil',
      printable,
      ' leading and trailing ',
      'I\u00adX',
      '\u2168',
      'a\u00a0b',
      'Ünïcødé',
      '\u0627',
    ]) {
      assert.equal(plain.saslprep(password), whole.saslprep(password), JSON.stringify(password));
    }
    for (const refused of ['tab\t', '\u0007', 'a\u0627', '\u0627\u0031', '\u0221', 'é\u0000']) {
      assert.throws(() => whole.saslprep(refused), `SASLprep takes ${JSON.stringify(refused)}`);
      assert.throws(() => plain.saslprep(refused), JSON.stringify(refused));
    }
  });

  it("takes Node's modules from Node, however they are asked for", async () => {
    const code = `
      import { randomUUID as named } from 'node:crypto';
      import asDefault from 'crypto';
      import * as namespace from 'node:crypto';
      export { asDefault, named };
      export const fromNamespace = namespace.createHash;`;
    const { asDefault, named, fromNamespace } = await bundled(code, ownBuiltins());
    assert.equal(asDefault, process.getBuiltinModule('node:crypto'));
    assert.equal(named, crypto.randomUUID);
    assert.equal(fromNamespace, crypto.createHash);
  });

  it("asserts, compresses and measures as Node's own modules do", async () => {
    const code = `
      export { deflate as imported } from 'node:zlib';
      export { performance as stopwatch } from 'perf_hooks';
      export const [assertion, compression] = [require('assert'), require('node:zlib')];`;
    const { assertion, compression, imported, stopwatch } = await bundled(code, replacedModules());
    const replaced: typeof assert = z.custom<typeof assert>((given) => typeof given === 'function').parse(assertion);
    const either: readonly ((value: unknown, message: string | Error) => void)[] = [replaced, replaced.ok];
    for (const holds of either) {
      holds(1, 'not said');
      assert.throws(
        () => holds(0, 'as it is said'),
        new assert.AssertionError({ message: 'as it is said', actual: 0, expected: true, operator: '==' }),
      );
      const own = new RangeError('as it is given');
      assert.throws(() => holds(false, own), own);
    }
    assert.equal(replaced.deepStrictEqual, assert.deepStrictEqual);
    assert.deepEqual([Reflect.get(Object(compression), 'deflate'), imported], [zlib.deflate, zlib.deflate]);
    assert.equal(stopwatch, performance);
  });

  it('puts quotes around strings where they mean the same', () => {
    const code = [
      'const plain = `a`, quoted = `it\'s`, doubly = `"it\'s"`, filled = `${plain}${`b`}`;',
      'const escaped = `\\n\\u0041`, lines = `1\n2`, tagged = String.raw`c`, empty = ``;',
      'const keyed = { [`d`]: `"`, e: (() => `f`)() };',
      'JSON.stringify([plain, quoted, doubly, filled, escaped, lines, tagged, empty, keyed])',
    ].join('\n');
    const changed = withPlainStrings('any.js', code);
    assert.equal(runInNewContext(changed), runInNewContext(code));
    assert.equal(changed.length, code.length);
    for (const mended of ['"a"', '"it\'s"', '${"b"}', '""', '["d"]', `'"'`, '"f"'])
      assert.ok(changed.includes(mended), mended);
  });

  it('finds each module that it names: an update may have moved one', async function () {
    this.timeout(30_000);
    const { ids } = await builtModules();
    const named = [...SELDOM, ...CHANGES.map(({ file }) => file)];
    assert.deepEqual(
      named.filter((pattern) => !ids.some((id) => pattern.test(slashed(id)))),
      [],
    );
    assert.deepEqual(
      REPLACEMENTS.filter((replacement) => !ids.includes(idOf(replacement))).map(({ name }) => name),
      [],
    );
  });

  it('loads each module that is kept for later as it is', async function () {
    // Two bundles are built.
    this.timeout(30_000);
    const { kept } = await builtModules();
    assert.ok(kept.length > 50);
    const required = kept.map((id) => `${JSON.stringify(id)}: () => require(${JSON.stringify(id)})`);
    const modules = z.record(z.string(), z.custom<() => unknown>());
    const standIns = modules.parse(
      (await bundled(`export const all = { ${required.join(', ')} };`, onDemand()))['all'],
    );
    const unlike = kept.filter((id) => {
      const real: unknown = createRequire(id)(id);
      return !isDeepStrictEqual(shapeOf(standIns[id]?.()), shapeOf(real));
    });
    assert.deepEqual(unlike, []);
  });
});

let built: Promise<{ readonly ids: readonly string[]; readonly kept: readonly string[] }> | undefined;

/** The modules of the API's function, and which of them it does not read before they are used. Built once. */
function builtModules() {
  built ??= buildModules();
  return built;
}

async function buildModules() {
  const { plugins, output: _parts, ...options } = functionBuild('lambda', 'nowhere');
  const ids = new Set<string>();
  const watching: Plugin = {
    name: 'watching',
    moduleParsed: ({ id }) => {
      ids.add(id);
    },
  };
  const build = await rolldown({ ...options, plugins: [plugins, watching], cwd: api, logLevel: 'silent' });
  const { output } = await build.generate();
  const file = output.find(({ fileName }) => fileName === 'seldom.json');
  assert.ok(file?.type === 'asset');
  const names = Object.keys(z.parse(z.record(z.string(), z.string()), JSON.parse(String(file.source))));
  const kept = names.map((name) => {
    const id = [...ids].find((candidate) => candidate.endsWith(`/node_modules/${name}`));
    assert.ok(id !== undefined, name);
    return id;
  });
  return { ids: [...ids], kept };
}

/** The names of what a module exports, and what kind of thing each is. Reading them loads what was kept. */
function shapeOf(exported: unknown): unknown {
  const hasMembers = (typeof exported === 'object' && exported !== null) || typeof exported === 'function';
  const members = hasMembers ? Object.entries(exported) : [];
  return [typeof exported, new Map(members.map(([name, value]: [string, unknown]) => [name, typeof value]))];
}

/** What a module with that code exports, once it was bundled with that plugin, as if the database's driver had it. */
async function bundled(code: string, plugin: Plugin): Promise<Record<string, unknown>> {
  const input = join(dirname(driver), 'entry.js');
  const entry: Plugin = {
    name: 'entry',
    resolveId: (asked) => (asked === input ? input : null),
    load: (id) => (id === input ? code : null),
  };
  const build = await rolldown({ input, platform: 'node', plugins: [entry, plugin], logLevel: 'silent' });
  const dir = mkdtempSync(join(tmpdir(), 'claude-projects-light-start-'));
  folders.push(dir);
  await build.write({ format: 'esm', dir });
  const exported: unknown = await import(pathToFileURL(join(dir, 'entry.js')).href);
  return z.parse(z.record(z.string(), z.unknown()), Object(exported));
}
