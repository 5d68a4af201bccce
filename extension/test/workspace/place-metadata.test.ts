import assert from 'node:assert/strict';
import { folderOf } from '../../src/workspace/place-metadata.ts';

describe('the folder that a session names', () => {
  it('is looked at on this machine only', () => {
    assert.equal(folderOf({ metadata: { cwd: '/home/ada/shop' } }), '/home/ada/shop');
    // Windows would sign in to that machine.
    for (const cwd of ['\\\\elsewhere.example\\share', '//elsewhere.example/share', '\\/elsewhere.example/share'])
      assert.equal(folderOf({ metadata: { cwd } }), undefined, cwd);
  });

  it('is not taken from where the editor happens to run', () => {
    for (const cwd of ['', '.', 'shop', '../shop', 7, null]) assert.equal(folderOf({ metadata: { cwd } }), undefined);
  });
});
