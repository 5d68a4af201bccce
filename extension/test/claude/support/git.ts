import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** With one commit, and the name that a project goes by. */
export function makeRepository(folder: string, name: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.md'), `# ${name}\n`);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'remote', 'add', 'origin', `https://git.example/acme/${name}.git`);
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message=Begin');
}

export function git(folder: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const { status, stderr } = spawnSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
