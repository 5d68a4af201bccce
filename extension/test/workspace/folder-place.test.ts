import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import { readText, realPath } from '../../src/workspace/disk.ts';
import { folderPlace, type WindowFolders } from '../../src/workspace/folder-place.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { addWorktree, checkOut, makeRepository } from './support/git-repository.ts';

describe('the place of a folder', function () {
  this.timeout(30_000);
  const root = temporaryFolder();
  let shop: string;
  let fix: string;

  beforeEach(() => {
    shop = join(realpathSync(root()), 'shop');
    fix = join(realpathSync(root()), 'shop-fix');
    makeRepository(shop);
    addWorktree(shop, fix, 'team/fix');
  });

  const window = (paths: readonly string[], settings: Partial<WindowFolders> = {}): WindowFolders => ({
    folders: paths.map((path) => ({ name: basename(path), path })),
    projectId: undefined,
    dockerSlot: undefined,
    read: readText,
    realPath,
    ...settings,
  });

  it('is the base of the machine in the main checkout, with the slot of the setting', async () => {
    for (const dockerSlot of [undefined, 4]) {
      const place = await folderPlace(window([shop], { dockerSlot }));
      assert.deepEqual([place.projectId, place.dockerSlot], ['acme/shop', dockerSlot]);
      assert.equal(place.metadata.branch, 'main');
      assert.equal(place.metadata.worktree, undefined);
      mkdirSync(join(shop, 'apps', 'web'), { recursive: true });
      assert.deepEqual(await folderPlace(window([shop], { dockerSlot }), join(shop, 'apps', 'web')), place);
    }
  });

  it('is its own in a linked worktree, wherever that lies and however it is opened', async () => {
    const nested = join(shop, '.claude', 'worktrees', 'cart');
    addWorktree(shop, nested, 'cart');
    const link = join(root(), 'link');
    symlinkSync(fix, link);
    mkdirSync(join(fix, 'apps'));
    const inWindow = window([shop, fix], { dockerSlot: 4 });
    const place = await folderPlace(inWindow, fix);
    assert.ok(isDerivedSlot(place.dockerSlot));
    assert.equal(place.projectId, 'acme/shop');
    assert.deepEqual([place.metadata.branch, place.metadata.worktree], ['team/fix', 'shop-fix']);
    assert.deepEqual(await folderPlace(window([fix])), place);
    assert.deepEqual(await folderPlace(window([link])), place);
    assert.deepEqual(await folderPlace(window([shop]), join(fix, 'apps')), place);
    const other = await folderPlace(inWindow, nested);
    assert.ok(isDerivedSlot(other.dockerSlot) && other.dockerSlot !== place.dockerSlot);
    assert.deepEqual([other.metadata.branch, other.metadata.worktree], ['cart', 'cart']);
    assert.notEqual(other.metadata.checkout, place.metadata.checkout);
  });

  it('is its own in each further folder of the window, with or without git', async () => {
    const [web, notes] = [join(root(), 'web'), join(root(), 'notes')];
    makeRepository(web);
    mkdirSync(notes);
    const open = window([shop, web, notes]);
    const places = await Promise.all([shop, web, notes].map((folder) => folderPlace(open, folder)));
    assert.equal(places[0]?.dockerSlot, undefined);
    assert.ok(places.slice(1).every(({ dockerSlot }) => isDerivedSlot(dockerSlot)));
    assert.equal(new Set(places.map(({ dockerSlot }) => dockerSlot)).size, 3);
    assert.deepEqual(
      places.map(({ metadata }) => metadata.worktree),
      [undefined, 'web', 'notes'],
    );
    assert.equal(places[2]?.projectId, 'notes');
  });

  it('is its own in another repository within the folder, which is filed under the folder', async () => {
    const lib = join(shop, 'lib');
    makeRepository(lib);
    const place = await folderPlace(window([shop]), lib);
    assert.ok(isDerivedSlot(place.dockerSlot));
    assert.equal(place.projectId, 'acme/shop');
  });

  it('follows the branch, and knows none where none is checked out', async () => {
    checkOut(fix, '-b', 'next');
    assert.equal((await folderPlace(window([fix]))).metadata.branch, 'next');
    checkOut(fix, '--detach');
    assert.equal((await folderPlace(window([fix]))).metadata.branch, undefined);
  });

  it('says nothing of git off the disk and where no folder is open', async () => {
    const virtual = { ...window([]), folders: [{ name: 'shop', path: undefined }], dockerSlot: 4 };
    assert.deepEqual(await folderPlace(virtual), { projectId: 'shop', dockerSlot: 4, metadata: {} });
    assert.deepEqual(await folderPlace(window([])), { projectId: 'no-folder', dockerSlot: undefined, metadata: {} });
  });
});
