import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'rolldown';
import { lightStart } from './light-start/light-start.ts';
import { slashed } from './light-start/slashed.ts';
import server from './rolldown.config.ts';

// What the server leaves to be found or not is replaced here: see lightStart.
const { output: serverOutput, external: _optional, ...options } = server;
if (Array.isArray(serverOutput)) throw new Error('the API is expected to be built into one file');
const { file: _oneFile, ...output } = serverOutput ?? {};

/** Each function has a directory to itself, since all that lies in it is deployed with it. */
export const FUNCTIONS = {
  lambda: 'src/lambda/api.entry.ts',
  'detect-failures': 'src/lambda/detect-failures.entry.ts',
  cleanup: 'src/lambda/cleanup.entry.ts',
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

/** How a function is built into a directory under `root`. */
export function functionBuild(name: FunctionName, root: string): BuildOptions {
  return {
    ...options,
    input: { index: FUNCTIONS[name] },
    plugins: [...lightStart(), mapsApart(join(root, 'maps', name))],
    output: {
      ...output,
      dir: join(root, name),
      cleanDir: true,
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
      codeSplitting: { groups: PARTS },
      sourcemap: 'hidden',
    },
  };
}

/**
 * V8 holds all that it has read of a file until it is through with it. Of several files each takes the place of the one
 * before, so that a start takes fewer pages of memory from the system, each of which costs it time.
 */
const PARTS = [
  { name: 'driver', test: within(/\/node_modules\/(mongodb|bson|@mongodb-js)\//), priority: 4 },
  { name: 'mongoose', test: within(/\/node_modules\/(mongoose|mquery|kareem|sift|mpath)\//), priority: 3 },
  { name: 'fastify', test: within(/\/node_modules\/(fastify|find-my-way|light-my-request|avvio)\//), priority: 2 },
  // What the decorators of NestJS's classes ask for comes before them.
  { name: 'framework', test: within(/\/node_modules\/|leaner-metadata|replaced\/metadata/), priority: 1 },
];

function within(pattern: RegExp) {
  return (id: string) => pattern.test(slashed(id));
}

/** Maps are four times what they explain: they stay with whoever deploys, and are not unpacked at each cold start. */
function mapsApart(folder: string): Plugin {
  return {
    name: 'maps-apart',
    writeBundle({ dir = '.' }, bundle) {
      mkdirSync(folder, { recursive: true });
      for (const file of Object.keys(bundle).filter((name) => name.endsWith('.map'))) {
        renameSync(join(dir, file), join(folder, file));
      }
    },
  };
}
