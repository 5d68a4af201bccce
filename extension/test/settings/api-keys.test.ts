import assert from 'node:assert/strict';
import { API_KEY_SECRET, isApiKeyShaped, StoredApiKeys } from '../../src/settings/api-keys.ts';
import { settle } from '../support/fake-clock.ts';
import { FakeSecrets } from './support/fake-secrets.ts';

const KEY = '3b241101-e2bb-4255-8caf-4136c566a962';
const OTHER = '0a0c7c2e-8f5e-4b8e-9d4f-0d4a2f1f7f11';

describe('the API key', () => {
  const fail = (error: unknown) => {
    throw error;
  };

  it('is the stored one, else that of the environment', async () => {
    const keys = new StoredApiKeys(new FakeSecrets(), { CLAUDE_PROJECTS_API_KEY: ` ${OTHER} ` }, fail);
    assert.equal(await keys.get(), OTHER);
    assert.equal(await keys.origin(), 'environment');
    await keys.set(KEY);
    assert.equal(await keys.get(), KEY);
    assert.equal(await keys.origin(), 'stored');
    await keys.clear();
    assert.equal(await keys.get(), OTHER);
  });

  it('is missing where there is neither', async () => {
    const keys = new StoredApiKeys(new FakeSecrets(), { CLAUDE_PROJECTS_API_KEY: '  ' }, fail);
    assert.equal(await keys.get(), undefined);
    assert.equal(await keys.origin(), undefined);
  });

  it('is a UUID, version 4, or it is not stored', async () => {
    const secrets = new FakeSecrets();
    const keys = new StoredApiKeys(secrets, {}, fail);
    for (const wrong of ['', 'secret', KEY.slice(1), KEY.replace('-4', '-1'), `${KEY} `]) {
      assert.equal(isApiKeyShaped(wrong), false);
      await assert.rejects(keys.set(wrong), RangeError);
    }
    assert.equal(secrets.values.size, 0);
    assert.equal(isApiKeyShaped(KEY), true);
  });

  it('tells at once when it changes, here or in another window', async () => {
    const secrets = new FakeSecrets();
    const keys = new StoredApiKeys(secrets, {}, fail);
    let changes = 0;
    keys.onDidChange(() => (changes += 1));
    await keys.set(KEY);
    assert.equal(changes, 1);
    // The editor's event for what was just stored, and one for the secret of somebody else.
    secrets.changed.fire({ key: API_KEY_SECRET });
    secrets.changed.fire({ key: 'of somebody else' });
    await settle();
    assert.equal(changes, 1);
    secrets.values.set(API_KEY_SECRET, OTHER);
    secrets.changed.fire({ key: API_KEY_SECRET });
    await settle();
    assert.equal(changes, 2);
    await keys.clear();
    assert.equal(changes, 3);
  });
});
