import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { CommandError, type Commands, commands } from './commands.ts';
import { readRollbackOptions, rollBack } from './rollback.ts';
import { SCRIPTS } from './stages.ts';
import { UsageError } from './usage-error.ts';

describe('what `pnpm rollback` is asked for', () => {
  it('is a ref, in production unless another stage is named', () => {
    assert.deepEqual(readRollbackOptions(['v1.2.0']), { ref: 'v1.2.0', stage: 'production' });
    assert.deepEqual(readRollbackOptions(['main', '--stage', 'dev']), { ref: 'main', stage: 'dev' });
  });

  it('is refused without a ref, with two, or with a stage that there is not', () => {
    for (const args of [[], ['one', 'two'], ['one', '--stage', 'prod']])
      assert.throws(() => readRollbackOptions(args), UsageError);
  });
});

describe('a rollback', () => {
  let repository: string;
  let first: string;

  const git = async (...args: string[]) => (await commands.read(['git', ...args], repository)).trim();

  beforeEach(async () => {
    repository = mkdtempSync(join(tmpdir(), 'rollback-'));
    await git('init', '--quiet', '--initial-branch=main');
    await git('config', 'user.email', 'tests@example.com');
    await git('config', 'user.name', 'Tests');
    await git('config', 'commit.gpgsign', 'false');
    writeFileSync(join(repository, 'version'), 'first');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'first');
    first = await git('rev-parse', 'HEAD');
    await git('tag', 'v1');
    writeFileSync(join(repository, 'version'), 'second');
    await git('commit', '--quiet', '-am', 'second');
    writeFileSync(join(repository, 'version'), 'not committed');
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  /** Real git; pnpm only notes what lay in front of it. */
  function withPnpm(deploying: () => void = () => undefined): Commands & { seen: string[]; checkouts: string[] } {
    const seen: string[] = [];
    const checkouts: string[] = [];
    return {
      seen,
      checkouts,
      read: (command, folder) => commands.read(command, folder),
      run: async (command, folder) => {
        if (command[0] === 'git') {
          // Git's own progress would stand in the middle of the report.
          await commands.read(command, folder);
          return;
        }
        const script = command.slice(3).join(' ');
        seen.push(`${script}: ${readFileSync(join(folder, 'version'), 'utf8')}`);
        checkouts.push(folder);
        if (script.startsWith('run')) deploying();
      },
    };
  }

  it('installs and deploys the ref from a clean checkout, and leaves nothing behind', async () => {
    const pnpm = withPnpm();
    assert.equal(await rollBack({ ref: 'v1', stage: 'production' }, repository, pnpm), first);
    assert.deepEqual(pnpm.seen, ['install --frozen-lockfile: first', 'run deploy:prod: first']);
    for (const checkout of pnpm.checkouts) assert.equal(existsSync(checkout), false);
    assert.equal((await git('worktree', 'list')).split('\n').length, 1);
    assert.equal(readFileSync(join(repository, 'version'), 'utf8'), 'not committed');
  });

  it('leaves nothing behind either where the deployment fails, and says so', async () => {
    const failure = new CommandError(['sst', 'deploy'], 'it ended with code 1');
    const pnpm = withPnpm(() => {
      throw failure;
    });
    await assert.rejects(rollBack({ ref: 'HEAD~1', stage: 'dev' }, repository, pnpm), failure);
    for (const checkout of pnpm.checkouts) assert.equal(existsSync(checkout), false);
    assert.equal((await git('worktree', 'list')).split('\n').length, 1);
  });

  it('refuses what is no ref, and what would be an option of git', async () => {
    for (const ref of ['no-such-tag', '--all']) {
      const pnpm = withPnpm();
      await assert.rejects(rollBack({ ref, stage: 'dev' }, repository, pnpm), UsageError);
      assert.deepEqual(pnpm.seen, []);
    }
  });
});

describe('the scripts of the workspace', () => {
  it('deploy each stage by the name that a rollback calls', () => {
    const scripts: Readonly<Record<string, string>> = manifest.scripts;
    for (const [stage, script] of Object.entries(SCRIPTS))
      assert.equal(scripts[script], `node tools/deploy/deploy.command.ts ${stage}`);
  });
});
