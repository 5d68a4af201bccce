// A real editor and its browser are large and of no use to who only builds: they are not among the workspace's
// dependencies, but installed by npm into a folder of their own the first time a suite or `pnpm start` asks for them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const packages = resolve(import.meta.dirname, '../../extension/test/workbench/packages');
const cache = resolve(import.meta.dirname, '../../extension/.vscode-test');

export type PackageSet = 'vscode-server' | 'chromium' | 'claude-code' | 'earlier-claude-code';

/**
 * The folder with this set installed as its lock file says. No build script of any package runs. `finish` completes
 * the folder before anybody else can see it: it appears whole or not at all, even where two suites install at once.
 */
export function installedPackages(name: PackageSet, finish: (folder: string) => void = () => {}): string {
  const folder = join(cache, `${name}-${fingerprint(name)}`);
  if (existsSync(folder)) return folder;
  say(`Installing ${name} (once; into extension/.vscode-test) …`);
  const startedAt = performance.now();
  mkdirSync(cache, { recursive: true });
  removeOthers(name, folder);
  const staging = `${folder}.${process.pid}`;
  try {
    cpSync(join(packages, name), staging, { recursive: true });
    npmCi(name, staging);
    finish(staging);
    publish(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  say(`Installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  return folder;
}

function fingerprint(name: PackageSet): string {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  const files = readdirSync(join(packages, name), { recursive: true, withFileTypes: true });
  for (const file of files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort())
    hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function npmCi(name: PackageSet, folder: string): void {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr, error } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  throw new Error(
    `${name} could not be installed. npm and its registry are needed the first time.\n${error?.message ?? stderr}`,
  );
}

function publish(staging: string, folder: string): void {
  try {
    renameSync(staging, folder);
  } catch (error) {
    // Another suite was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  }
}

/** Earlier versions, and what a killed installation left; not what another process is installing right now. */
function removeOthers(name: PackageSet, folder: string): void {
  for (const entry of readdirSync(cache).filter((entry) => entry.startsWith(`${name}-`))) {
    const owner = /\.(\d+)$/.exec(entry)?.[1];
    if (join(cache, entry) === folder || (owner !== undefined && isAlive(Number(owner)))) continue;
    rmSync(join(cache, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
