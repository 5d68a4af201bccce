import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The scripts of the extension's pages, which run in the editor's browser. */
export const WEBVIEW_BUNDLE: BuildOptions = {
  absWorkingDir: join(import.meta.dirname, '..'),
  entryPoints: ['webview/session-page.ts'],
  outfile: 'dist/session-page.js',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome130',
  minify: true,
  logLevel: 'warning',
};
