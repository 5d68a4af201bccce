import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import build from '../../../../api/build/local-server.config.ts';
import manifest from '../../../../api/package.json' with { type: 'json' };

export const BUNDLED_VERSION: string = manifest.version;

const folder = mkdtempSync(join(tmpdir(), 'claude-projects-bundle-'));
const made = new Map<string, Promise<string>>();

after(() => rmSync(folder, { recursive: true }));

/** The API's local server as one file, built once a run: with its own version, or as if it had another. */
export function serverBundle(version: string = BUNDLED_VERSION): Promise<string> {
  const file = made.get(version) ?? bundle(version);
  made.set(version, file);
  return file;
}

async function bundle(version: string): Promise<string> {
  const { output, ...options } = build;
  if (Array.isArray(output)) throw new Error('the local server is expected to be built into one file');
  const file = join(folder, `server-${version}.mjs`);
  const bundled = await rolldown({
    ...options,
    cwd: join(import.meta.dirname, '../../../../api'),
    logLevel: 'silent',
    plugins: [
      {
        name: 'version',
        load(id) {
          if (!id.endsWith(join('api', 'package.json'))) return null;
          return { code: JSON.stringify({ ...manifest, version }), moduleType: 'json' };
        },
      },
    ],
  });
  await bundled.write({ ...output, file, sourcemap: false });
  await bundled.close();
  return file;
}
