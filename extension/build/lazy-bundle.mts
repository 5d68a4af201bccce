import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const FILE = 'claude-settings.js';

/** What the extension loads only when it is needed, as a file beside its bundle. */
export const lazily: Plugin = {
  name: 'lazily',
  setup(build) {
    build.onResolve({ filter: /\/edit-settings\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${FILE}`, external: true } : undefined,
    );
  },
};

export const LAZY_BUNDLE: BuildOptions = {
  absWorkingDir: join(import.meta.dirname, '..'),
  entryPoints: ['src/claude-code/settings-file/edit-settings.ts'],
  outfile: `dist/${FILE}`,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // Its CommonJS entry asks for its files in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  minify: true,
  // It also tells whose licences the notices have to hold.
  sourcemap: true,
  logLevel: 'warning',
};
