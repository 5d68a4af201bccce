// Writes the licences of what the bundles hold. Their source maps say what that is.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import { thirdPartyNotices } from '../../shared/build/third-party-notices.ts';

const SourceMap = z.object({ sources: z.array(z.string()) });

const maps = ['dist/extension.js.map', 'dist/claude-settings.js.map', '../api/dist/local-server.mjs.map'];
const sources = (await Promise.all(maps.map(sourcesOf))).flat();
await writeFile('dist/THIRD-PARTY-NOTICES.txt', await thirdPartyNotices(sources, process.cwd()));

async function sourcesOf(map: string): Promise<readonly string[]> {
  const { sources } = SourceMap.parse(JSON.parse(await readFile(map, 'utf8')));
  return sources.map((source) => resolve(dirname(map), source));
}
