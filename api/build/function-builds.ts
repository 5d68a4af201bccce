import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'rolldown';
import { lightStart } from './light-start.ts';
import server from './rolldown.config.ts';

const { output: serverOutput, ...options } = server;
if (Array.isArray(serverOutput)) throw new Error('the API is expected to be built into one file');
const output = { ...serverOutput };

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
    input: FUNCTIONS[name],
    plugins: [lightStart(), mapApart(join(root, name), join(root, 'maps', `${name}.mjs.map`))],
    output: { ...output, file: join(root, name, 'index.mjs'), sourcemap: 'hidden' },
  };
}

/** A map is four times what it explains: it stays with whoever deploys, and is not unpacked at each cold start. */
function mapApart(directory: string, map: string) {
  return {
    name: 'map-apart',
    writeBundle() {
      mkdirSync(join(map, '..'), { recursive: true });
      renameSync(join(directory, 'index.mjs.map'), map);
    },
  };
}
