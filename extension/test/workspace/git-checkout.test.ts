import assert from 'node:assert/strict';
import { checkoutOf } from '../../src/workspace/git-checkout.ts';

describe('the checkout of a folder that nobody trusts yet', () => {
  const ELSEWHERE = 'elsewhere.example';
  /** Files of the folder, and what was read. */
  const lookAt = async (folder: string, files: Readonly<Record<string, string>>) => {
    const read: string[] = [];
    const checkout = await checkoutOf(folder, async (path) => {
      read.push(path);
      return files[path];
    });
    return { checkout, read };
  };

  for (const path of [`//${ELSEWHERE}/share`, `\\\\${ELSEWHERE}\\share`]) {
    it(`is not looked for on another machine, as at ${path}`, async () => {
      const pointer = await lookAt('/shop', { '/shop/.git': `gitdir: ${path}\n` });
      assert.equal(pointer.checkout, undefined);
      const shared = await lookAt('/shop', { '/shop/.git/config': '', '/shop/.git/commondir': `${path}\n` });
      assert.equal(shared.checkout?.commonFolder, '/shop/.git');
      // Windows would sign in to that machine.
      assert.deepEqual(
        [...pointer.read, ...shared.read].filter((file) => file.includes(ELSEWHERE)),
        [],
      );
    });
  }

  it('is that of a linked worktree wherever it lies on this machine', async () => {
    const { checkout } = await lookAt('/fix', {
      '/fix/.git': 'gitdir: /shop/.git/worktrees/fix\n',
      '/shop/.git/worktrees/fix/commondir': '../..\n',
    });
    assert.deepEqual([checkout?.commonFolder, checkout?.isLinked], ['/shop/.git', true]);
  });
});
