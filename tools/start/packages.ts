import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { vsix, workspace } from './build.ts';

/** What is installed into the profile: the product, and what opens its view. */
export function packagesFor(dataDir: string): readonly string[] {
  const source = join(workspace, 'extension/build/opener');
  const folder = join(dataDir, 'opener');
  buildSync({
    entryPoints: [join(source, 'opener.ts')],
    outfile: join(folder, 'opener.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  });
  copyFileSync(join(source, 'package.json'), join(folder, 'package.json'));
  const opener = join(dataDir, 'opener.vsix');
  const vsce = createRequire(join(workspace, 'extension/package.json')).resolve('@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', opener];
  const packed = spawnSync(process.execPath, [vsce, 'package', ...flags], { cwd: folder, encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`The opener could not be packed:\n${packed.stderr}`);
  return [vsix, opener];
}
