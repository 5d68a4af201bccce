import assert from 'node:assert/strict';
import { remoteUrl } from '../../src/workspace/git-config.ts';
import { projectIdOf } from '../../src/workspace/project-id.ts';

const config = (url: string) =>
  `[core]\n\tbare = false\n[remote "upstream"]\n\turl = https://example.com/not/this\n[remote "origin"]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\turl = ${url}\n[branch "main"]\n\tremote = origin\n`;
const reading = (files: Record<string, string>) => async (path: string) => files[path];
const folder = { name: 'shop', path: '/home/me/shop' };
const origin = config('git@example.com:acme/shop.git');

describe('the project id', () => {
  it('is the setting', async () => {
    assert.equal(await projectIdOf('mine', folder, reading({ '/home/me/shop/.git/config': origin })), 'mine');
  });

  it('is that of the remote of a clone, also from a folder within it', async () => {
    const read = reading({ '/home/me/shop/.git/config': origin });
    assert.equal(await projectIdOf(undefined, folder, read), 'acme/shop');
    assert.equal(await projectIdOf(undefined, { name: 'web', path: '/home/me/shop/apps/web' }, read), 'acme/shop');
  });

  it('is that of the clone in a worktree', async () => {
    const read = reading({
      '/home/me/fix/.git': 'gitdir: /home/me/shop/.git/worktrees/fix\n',
      '/home/me/shop/.git/worktrees/fix/commondir': '../..\n',
      '/home/me/shop/.git/config': origin,
    });
    assert.equal(await projectIdOf(undefined, { name: 'fix', path: '/home/me/fix' }, read), 'acme/shop');
  });

  it('is its own in a submodule', async () => {
    const read = reading({
      '/home/me/shop/.git/config': config('git@example.com:acme/other.git'),
      '/home/me/shop/lib/.git': 'gitdir: ../.git/modules/lib\n',
      '/home/me/shop/.git/modules/lib/config': config('https://me:secret@example.com/acme/lib.git'),
    });
    assert.equal(await projectIdOf(undefined, { name: 'lib', path: '/home/me/shop/lib' }, read), 'acme/lib');
  });

  it('is the name of the folder without a remote, without git, and off the disk', async () => {
    assert.equal(await projectIdOf(undefined, folder, reading({ '/home/me/shop/.git/config': '[core]\n' })), 'shop');
    assert.equal(await projectIdOf(undefined, folder, reading({})), 'shop');
    assert.equal(await projectIdOf(undefined, { name: 'shop', path: undefined }, reading({})), 'shop');
  });

  it('does not look into the folder above a repository without a remote', async () => {
    const read = reading({ '/home/me/.git/config': origin, '/home/me/shop/.git/config': '[core]\n' });
    assert.equal(await projectIdOf(undefined, folder, read), 'shop');
  });

  it('is one the API takes, whatever the remote is', async () => {
    const read = reading({ '/home/me/shop/.git/config': config(`https://example.com/${'x'.repeat(300)}`) });
    assert.equal(await projectIdOf(undefined, folder, read), 'shop');
  });

  it('says so where no folder is open', async () => {
    assert.equal(await projectIdOf(undefined, undefined, reading({})), 'no-folder');
  });
});

describe('git configuration', () => {
  it('gives the last URL of the remote, without comments and quotes', () => {
    assert.equal(remoteUrl('[remote "origin"]\nurl = a\nurl = b ; and why\n', 'origin'), 'b');
    assert.equal(
      remoteUrl('[Remote "origin"]\r\n  URL = "https://example.com/a#b" # c\r\n', 'origin'),
      'https://example.com/a#b',
    );
    assert.equal(remoteUrl('[remote "origin"] # here\n[other]\nurl = no\n', 'origin'), undefined);
    assert.equal(remoteUrl('garbage \0 [ "', 'origin'), undefined);
  });
});
