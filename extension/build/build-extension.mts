import { build } from 'esbuild';
import { CLIENT_BUNDLE_OPTIONS } from '../../shared/build/bundle-options.ts';

await build({
  ...CLIENT_BUNDLE_OPTIONS,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  minify: true,
  sourcemap: true,
  format: 'cjs',
  // The extension host of the oldest VS Code supported runs Node 22.
  target: 'node22',
  external: ['vscode'],
  logLevel: 'warning',
});
