// The tests as the extension host can load them: one CommonJS file, and one that runs it.
import { globSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { bundleExtension } from '../workbench/bundle-extension.ts';
import { extensionFolder } from '../workbench/launch.ts';
import { atExit } from '../workbench/processes/at-exit.ts';

export interface BundledSuite extends Disposable {
  /** The module whose `run` runs the tests. */
  readonly entry: string;
  /** The folder of the extension of examples/, built. */
  readonly example: string;
}

const exampleFolder = resolve(extensionFolder, '../examples/orchestrator-extension');

export async function bundleSuite(): Promise<BundledSuite> {
  // Inside the extension's folder, so that mocha and Playwright are found from there.
  const folder = join(extensionFolder, '.vscode-test', `suite-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const release = atExit(remove);
  const files = globSync('**/*.vscode.ts', { cwd: import.meta.dirname }).toSorted();
  const options: BuildOptions = {
    absWorkingDir: import.meta.dirname,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    define: { 'import.meta.dirname': '__dirname' },
    external: ['vscode', 'mocha', 'playwright-core'],
    logLevel: 'warning',
  };
  const entry = join(folder, 'index.cjs');
  const example = join(folder, 'orchestrator-extension');
  await Promise.all([
    bundleExtension(exampleFolder, example),
    build({ ...options, entryPoints: ['host/index.ts'], outfile: entry }),
    build({
      ...options,
      stdin: {
        contents: files.map((file) => `import ${JSON.stringify(`./${file.replaceAll('\\', '/')}`)};`).join('\n'),
        resolveDir: import.meta.dirname,
      },
      outfile: join(folder, 'tests.cjs'),
    }),
  ]);
  return {
    entry,
    example,
    [Symbol.dispose]() {
      release();
      remove();
    },
  };
}
