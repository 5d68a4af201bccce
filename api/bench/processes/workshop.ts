import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, rolldown } from 'rolldown';
import { type FunctionName, functionBuild } from '../../build/function-builds.ts';
import serverBuild from '../../build/rolldown.config.ts';

const api = resolve(import.meta.dirname, '../..');

export const FLOORS = [
  'node-http',
  'fastify',
  'fastify-function',
  'fastify-and-driver',
  'express-and-mongoose',
] as const;
export type Floor = (typeof FLOORS)[number];

/** Where a run keeps its bundles, databases and logs; nothing of it is left afterwards. */
export class Workshop implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'claude-projects-bench-'));
  /** The key that all servers of this run accept. */
  readonly key = randomUUID();
  /** The bundle of the API. */
  readonly server: string;
  #directories = 0;

  private constructor(server: string | undefined) {
    this.server = server === undefined ? join(api, 'dist/server.mjs') : resolve(server);
  }

  /** Builds the API, unless a bundle is given, and the floors, all with the API's own build options. */
  static async open(server: string | undefined, floors: readonly Floor[]): Promise<Workshop> {
    const workshop = new Workshop(server);
    if (server === undefined) await bundle('src/server.ts', workshop.server);
    for (const floor of floors) await bundle(`bench/floors/${floor}.ts`, workshop.floor(floor));
    return workshop;
  }

  floor(name: Floor): string {
    return join(this.root, `${name}.mjs`);
  }

  /** The directory of a function, built as it is deployed. */
  async function(name: FunctionName): Promise<string> {
    await build({ ...functionBuild(name, this.root), cwd: api, logLevel: 'silent' });
    return join(this.root, name);
  }

  /** What AWS's runtime client is started with here, as JavaScript: to strip types takes as long as Fastify's start. */
  async runtimePreload(): Promise<string> {
    const folder = join(this.root, 'runtime');
    const support = 'test/lambda/support';
    await build({
      cwd: api,
      input: { preload: `${support}/preload.ts`, 'native-client': `${support}/native-client.ts` },
      platform: 'node',
      logLevel: 'silent',
      output: { dir: folder, entryFileNames: '[name].js' },
    });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    return join(folder, 'preload.js');
  }

  /** A new, empty directory. */
  readonly directory = (name: string): string => {
    this.#directories += 1;
    return join(this.root, `${name}-${this.#directories}`);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.root, { recursive: true, force: true });
  }
}

async function bundle(input: string, file: string): Promise<void> {
  const { output, ...options } = serverBuild;
  if (Array.isArray(output)) throw new Error('the API is expected to be built into one file');
  const made = await rolldown({ ...options, cwd: api, input, logLevel: 'silent' });
  await made.write({ ...output, file });
  await made.close();
}
