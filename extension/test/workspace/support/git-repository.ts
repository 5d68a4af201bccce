import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const AS = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];

function git(folder: string, ...args: string[]): void {
  execFileSync('git', ['-C', folder, ...AS, ...args], { stdio: 'pipe' });
}

/** A clone of acme/shop with one commit, made by git itself. */
export function makeRepository(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  git(folder, 'remote', 'add', 'origin', 'https://example.com/acme/shop.git');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'first');
}

/** Adds a linked worktree on a new branch. */
export function addWorktree(repository: string, folder: string, branch: string): void {
  mkdirSync(dirname(join(folder)), { recursive: true });
  git(repository, 'worktree', 'add', '--quiet', '-b', branch, folder);
}

export function checkOut(folder: string, ...args: string[]): void {
  git(folder, 'checkout', '--quiet', ...args);
}
