import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError, type Commands, PNPM } from './commands.ts';
import { asStage, SCRIPTS, type Stage } from './stages.ts';
import { UsageError } from './usage-error.ts';

export interface RollbackOptions {
  readonly ref: string;
  readonly stage: Stage;
}

const USAGE = 'Roll back to what? pnpm rollback <ref> [--stage production]';

export function readRollbackOptions(args: readonly string[]): RollbackOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { stage: { type: 'string', default: 'production' } },
    allowPositionals: true,
  });
  const [ref, ...others] = positionals;
  if (!ref || others.length > 0) throw new UsageError(USAGE);
  return { ref, stage: asStage(values.stage) };
}

/**
 * Deploys a ref from a checkout of its own: what lies in this one, committed or not, has no part in it. It is the ref's
 * own program that deploys it, as it did the first time. Answers with the commit.
 */
export async function rollBack({ ref, stage }: RollbackOptions, folder: string, commands: Commands): Promise<string> {
  const commit = await commitOf(ref, folder, commands);
  const home = await mkdtemp(join(tmpdir(), 'claude-projects-rollback-'));
  const checkout = join(home, 'checkout');
  try {
    await commands.run(['git', 'worktree', 'add', '--detach', checkout, commit], folder);
    try {
      await commands.run([...PNPM, 'install', '--frozen-lockfile'], checkout);
      await commands.run([...PNPM, 'run', SCRIPTS[stage]], checkout);
    } finally {
      await commands.run(['git', 'worktree', 'remove', '--force', checkout], folder);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  return commit;
}

async function commitOf(ref: string, folder: string, commands: Commands): Promise<string> {
  try {
    const commit = await commands.read(
      ['git', 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
      folder,
    );
    return commit.trim();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UsageError(`${ref} is no commit, tag or branch of this repository.`);
  }
}
