import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The program that Claude Code runs at its events. */
export const HOOK_SCRIPT = join(import.meta.dirname, '../src/hook/hook.sh');

/** The same for Windows: one small file that needs nothing but a Node, also an older one. */
export const HOOK_BUNDLE: BuildOptions = {
  absWorkingDir: join(import.meta.dirname, '..'),
  entryPoints: ['src/hook/hook-program.ts'],
  outfile: 'dist/hook.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node18',
  minify: true,
  logLevel: 'warning',
};
