import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import manifest from '../../extension/package.json' with { type: 'json' };
import { say } from './say.ts';

export const workspace = resolve(import.meta.dirname, '../..');
export const vsix = join(workspace, 'extension', `${manifest.name}-${manifest.version}.vsix`);

export function buildApi(): void {
  say('Building the API …');
  run('api', 'rolldown', ['-c', 'build/rolldown.config.ts']);
}

/** The very file that people install. */
export function packExtension(): void {
  say('Packing the extension …');
  run('api', 'rolldown', ['-c', 'build/local-server.config.ts']);
  for (const step of ['build-extension', 'copy-server', 'write-notices', 'package']) {
    run('extension', process.execPath, [`build/${step}.mts`]);
  }
}

function run(folder: string, command: string, args: readonly string[]): void {
  const { status, stdout } = spawnSync(command, args, {
    cwd: join(workspace, folder),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    // Only programs of the workspace go through the shell, which would take a path with a space for two words.
    shell: process.platform === 'win32' && command !== process.execPath,
  });
  if (status === 0) return;
  process.stderr.write(stdout ?? '');
  process.exit(status ?? 1);
}
