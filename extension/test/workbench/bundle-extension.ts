import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Builds an extension of the examples or the tests: `target` becomes a folder that the editor can load. */
export async function bundleExtension(source: string, target: string): Promise<void> {
  cpSync(join(source, 'package.json'), join(target, 'package.json'));
  await build({
    entryPoints: [join(source, 'src/extension.ts')],
    outfile: join(target, 'dist/extension.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
}
