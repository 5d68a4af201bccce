import { build } from 'esbuild';

await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  minify: true,
  sourcemap: true,
  platform: 'node',
  format: 'cjs',
  // The extension host of the oldest VS Code supported runs Node 22.
  target: 'node22',
  external: ['vscode'],
  logLevel: 'warning',
});
