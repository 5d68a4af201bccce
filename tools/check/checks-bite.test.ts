// Proves that `pnpm check` finds what it is there to find: each planted fault, in the place it could happen.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const workspace = resolve(import.meta.dirname, '../..');
const configuration = ['.oxlintrc.json', 'biome.json', 'tsconfig.base.json', 'package.json', '.gitignore'];

const planted: string[] = [];

/** A workspace with our own configuration and nothing in it but what the test plants. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  planted.push(folder);
  for (const name of configuration) cpSync(join(workspace, name), join(folder, name));
  symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'));
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
  for (const name of ['api', 'shared', 'extension', 'tools']) {
    mkdirSync(join(folder, name));
    cpSync(join(workspace, name, 'tsconfig.json'), join(folder, name, 'tsconfig.json'));
    if (name !== 'tools') symlinkSync(join(workspace, name, 'node_modules'), join(folder, name, 'node_modules'));
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

function run(command: string, args: readonly string[], cwd: string): { failed: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(error, undefined);
  return { failed: status !== 0, output: `${stdout}\n${stderr}` };
}

const lint = (folder: string) => run('oxlint', ['--type-aware', '--deny-warnings'], folder);
const format = (folder: string) => run('biome', ['check'], folder);
const types = (folder: string, part: string) => run('tsc', ['-p', part], folder);

const forbiddenImports = {
  'shared never imports a framework': ['shared/src/planted.ts', '@nestjs/common'],
  'shared never imports the editor': ['shared/src/client/planted.ts', 'vscode'],
  'the contract never imports the HTTP client': ['shared/src/contract/planted.ts', 'axios'],
  'the API never imports the client': ['api/src/planted.ts', '@claude-projects/shared/client'],
  'the API never imports the HTTP client': ['api/src/planted.ts', 'axios'],
  'the extension never imports the API': ['extension/src/planted.ts', '../../api/src/app.ts'],
  'lifecycle code never imports the editor': ['extension/src/lifecycle/planted.ts', 'vscode'],
} as const;

describe('the checks bite on', () => {
  afterEach(() => {
    for (const folder of planted.splice(0)) rmSync(folder, { recursive: true });
  });

  it('a floating promise', () => {
    const folder = plant({
      'api/src/planted.ts':
        'async function work(): Promise<void> {}\n\nexport function start(): void {\n  work();\n}\n',
    });
    const { failed, output } = lint(folder);
    assert.ok(failed);
    assert.match(output, /no-floating-promises/);
  });

  it('a floating thenable, such as a query that nobody awaits', () => {
    const folder = plant({
      'api/src/planted.ts':
        'const query: PromiseLike<number> = Promise.resolve(1);\n\nexport function start(): void {\n  query.then((n) => n);\n}\n',
    });
    const { failed, output } = lint(folder);
    assert.ok(failed);
    assert.match(output, /no-floating-promises/);
  });

  it('an import cycle', () => {
    const folder = plant({
      'shared/src/one.ts': "import { two } from './two.ts';\n\nexport const one = (): number => two();\n",
      'shared/src/two.ts': "import { one } from './one.ts';\n\nexport const two = (): number => one();\n",
    });
    const { failed, output } = lint(folder);
    assert.ok(failed);
    assert.match(output, /no-cycle/);
  });

  for (const [rule, [file, module]] of Object.entries(forbiddenImports)) {
    it(`a forbidden import: ${rule}`, () => {
      const folder = plant({ [file]: `import * as planted from '${module}';\n\nexport { planted };\n` });
      const { failed, output } = lint(folder);
      assert.ok(failed);
      assert.match(output, /no-restricted-imports/);
    });
  }

  it('an `any`', () => {
    const folder = plant({ 'shared/src/planted.ts': 'export const planted: any = 1;\n' });
    const { failed, output } = lint(folder);
    assert.ok(failed);
    assert.match(output, /no-explicit-any/);
  });

  it('a type error', () => {
    const folder = plant({ 'shared/src/planted.ts': "export const planted: number = 'one';\n" });
    const { failed, output } = types(folder, 'shared');
    assert.ok(failed);
    assert.match(output, /TS2322/);
  });

  it('a file that is not formatted', () => {
    const folder = plant({ 'shared/src/planted.ts': 'export   const planted = "1"\n' });
    assert.ok(format(folder).failed);
  });

  it('nothing in a sound workspace', () => {
    const folder = plant({ 'shared/src/planted.ts': 'export const planted = 1;\n' });
    for (const result of [lint(folder), format(folder), types(folder, 'shared')]) {
      assert.equal(result.failed, false, result.output);
    }
  });
});
