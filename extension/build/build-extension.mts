import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CLIENT_BUNDLE_OPTIONS } from '../../shared/build/bundle-options.ts';
import { HOOK_BUNDLE, HOOK_SCRIPT } from './hook-bundle.mts';
import { LAZY_BUNDLE, lazily } from './lazy-bundle.mts';
import { WEBVIEW_BUNDLE } from './webview-bundle.mts';

await build({
  ...CLIENT_BUNDLE_OPTIONS,
  plugins: [...CLIENT_BUNDLE_OPTIONS.plugins, lazily],
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
await build(LAZY_BUNDLE);
await build(HOOK_BUNDLE);
copyFileSync(HOOK_SCRIPT, join(import.meta.dirname, '../dist/hook.sh'));
await build(WEBVIEW_BUNDLE);
