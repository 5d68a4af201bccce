import { mkdirSync, renameSync } from 'node:fs';
import { defineConfig, type Plugin } from 'rolldown';
import server from './rolldown.config.ts';

const { output, ...options } = server;
if (Array.isArray(output)) throw new Error('the API is expected to be built into one file');

/** Each function has a directory to itself, since all that lies in it is deployed with it. */
const FUNCTIONS = {
  lambda: 'src/lambda/api.entry.ts',
  'detect-failures': 'src/lambda/detect-failures.entry.ts',
  cleanup: 'src/lambda/cleanup.entry.ts',
} as const;

export default defineConfig(
  Object.entries(FUNCTIONS).map(([name, input]) => ({
    ...options,
    input,
    plugins: [mapsApart(name)],
    output: { ...output, file: `dist/${name}/index.mjs`, sourcemap: 'hidden' as const },
  })),
);

/** A map is four times what it explains: it stays with whoever deploys, and is not unpacked at each cold start. */
function mapsApart(name: string): Plugin {
  return {
    name: 'maps-apart',
    writeBundle() {
      mkdirSync('dist/maps', { recursive: true });
      renameSync(`dist/${name}/index.mjs.map`, `dist/maps/${name}.mjs.map`);
    },
  };
}
