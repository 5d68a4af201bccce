import assert from 'node:assert/strict';
import { MACHINE_ID_STATE, machineIdOf } from '../../src/workspace/machine-identity.ts';
import { openWorkspace, workspaceIdOf } from '../../src/workspace/workspace-id.ts';

class FakeState {
  readonly values = new Map<string, unknown>();
  get = (name: string) => this.values.get(name);
  update = async (name: string, value: unknown) => void this.values.set(name, value);
}

describe('the machine id', () => {
  const random = { uuid: () => 'made-up' };

  it('is the setting, else the name of the host', async () => {
    assert.equal(await machineIdOf('set', 'laptop', new FakeState(), random), 'set');
    assert.equal(await machineIdOf(undefined, 'laptop', new FakeState(), random), 'laptop');
  });

  for (const hostname of ['', '  ', 'localhost', 'LOCALHOST.localdomain', 'x'.repeat(201)]) {
    it(`is made once and kept where the host is called ${JSON.stringify(hostname.slice(0, 30))}`, async () => {
      const state = new FakeState();
      assert.equal(await machineIdOf(undefined, hostname, state, random), 'made-up');
      assert.equal(await machineIdOf(undefined, hostname, state, { uuid: () => 'another' }), 'made-up');
    });
  }

  it('is made anew where what was kept is garbage', async () => {
    const state = new FakeState();
    state.values.set(MACHINE_ID_STATE, 7);
    assert.equal(await machineIdOf(undefined, '', state, random), 'made-up');
  });
});

describe('the workspace id', () => {
  it('is the same after a reload, and another for another workspace', () => {
    const one = { file: undefined, folders: ['file:///a', 'file:///b'] };
    const ids = [
      workspaceIdOf(one),
      workspaceIdOf({ file: undefined, folders: ['file:///a'] }),
      workspaceIdOf({ file: undefined, folders: ['file:///b', 'file:///a'] }),
      workspaceIdOf({ file: 'file:///a', folders: ['file:///a', 'file:///b'] }),
      workspaceIdOf({ file: undefined, folders: [] }),
    ];
    assert.equal(workspaceIdOf({ ...one }), ids[0]);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is that of the workspace file, whichever folders it holds', () => {
    const file = 'file:///work.code-workspace';
    assert.equal(workspaceIdOf({ file, folders: ['file:///a'] }), workspaceIdOf({ file, folders: [] }));
  });

  it('stays that of the first folder when others are added, until the workspace is saved', () => {
    const [first, second] = ['file:///a', 'file:///b'];
    const untitled = { scheme: 'untitled', toString: () => 'untitled:1700000000000' };
    const saved = { scheme: 'file', toString: () => 'file:///work.code-workspace' };
    const alone = workspaceIdOf(openWorkspace(undefined, [first]));
    assert.equal(workspaceIdOf(openWorkspace(untitled, [first, second])), alone);
    assert.notEqual(workspaceIdOf(openWorkspace(untitled, [second, first])), alone);
    assert.equal(
      workspaceIdOf(openWorkspace(saved, [first, second])),
      workspaceIdOf({ file: 'file:///work.code-workspace', folders: [] }),
    );
    assert.equal(workspaceIdOf(openWorkspace(undefined, [])), workspaceIdOf({ file: undefined, folders: [] }));
  });

  it('does not tell where somebody keeps their work', () => {
    assert.match(workspaceIdOf({ file: undefined, folders: ['file:///secret'] }), /^[0-9a-f]{32}$/);
  });
});
