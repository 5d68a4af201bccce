// SST's components come from npm, 320 MB of them, and only `sst install` knows how to lay them out. That is done once
// for a version of SST and a set of providers, into the user's cache: a clean clone finds it there again.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const workspace = resolve(import.meta.dirname, '../..');
export const CONFIG = join(workspace, 'sst.config.ts');

/** The folder with SST's components for the configuration as it is. Throws, and says why, where it cannot be had. */
export function installedPlatform(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'claude-projects');
  const folder = join(cache, `sst-${manifest.devDependencies.sst}-${fingerprint()}`);
  if (existsSync(folder)) return join(folder, '.sst', 'platform');
  console.log(`Installing the components of SST (once; into ${cache}) …`);
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, 'installing-'));
  try {
    cpSync(CONFIG, join(staging, 'sst.config.ts'));
    install(staging);
    publish(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return join(folder, '.sst', 'platform');
}

/** What decides which packages are laid out: the system they are for, and the providers that are asked for. */
function fingerprint(): string {
  const providers = /providers: \{[\s\S]*?\n {6}\}/.exec(readFileSync(CONFIG, 'utf8'))?.[0];
  if (providers === undefined) throw new Error('sst.config.ts names no providers where they are looked for');
  return createHash('sha256').update(`${process.platform}-${process.arch}\n${providers}`).digest('hex').slice(0, 12);
}

function install(folder: string): void {
  const { status, stdout, stderr, error } = spawnSync('sst', ['install'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 10 * 60_000,
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      // Neither Pulumi nor Bun is needed to lay out packages.
      SST_SKIP_DEPENDENCY_CHECK: '1',
      SST_NO_BUN: '1',
      SST_TELEMETRY_DISABLED: '1',
      SST_STAGE: 'dev',
    },
  });
  if (status === 0 && existsSync(join(folder, '.sst', 'platform', 'node_modules', '@pulumi', 'aws'))) return;
  throw new Error(
    `The components of SST could not be installed. npm and its registry are needed the first time.\n${error?.message ?? `${stdout}${stderr}`}`,
  );
}

function publish(staging: string, folder: string): void {
  try {
    renameSync(staging, folder);
  } catch (error) {
    // Another run was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  }
}
