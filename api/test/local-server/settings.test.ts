import assert from 'node:assert/strict';
import { ConfigurationError } from '../../src/config/configuration.ts';
import { readLocalServerSettings } from '../../src/local-server/settings.ts';

const FOLDER = process.platform === 'win32' ? 'C:\\data' : '/data';

describe('the settings of the local server', () => {
  it('are those of its own names, whatever else the environment says', () => {
    const environment = {
      CLAUDE_PROJECTS_LOCAL_FOLDER: FOLDER,
      LOG_LEVEL: 'none',
      IDLE_MS: 'x',
      DATA_DIR: '/elsewhere',
    };
    assert.deepEqual(readLocalServerSettings(environment), {
      folder: FOLDER,
      idleMs: 600_000,
      stallThresholdMs: 180_000,
      logLevel: 'info',
    });
  });

  it('are refused with every name that is wrong', () => {
    const read = () =>
      readLocalServerSettings({
        CLAUDE_PROJECTS_LOCAL_FOLDER: 'relative',
        CLAUDE_PROJECTS_LOCAL_IDLE_MS: '-1',
        CLAUDE_PROJECTS_LOCAL_LOG_LEVEL: 'loud',
      });
    assert.throws(read, (error) => {
      assert.ok(error instanceof ConfigurationError);
      for (const name of ['FOLDER', 'IDLE_MS', 'LOG_LEVEL']) {
        assert.match(error.message, new RegExp(`CLAUDE_PROJECTS_LOCAL_${name}: `));
      }
      return true;
    });
  });

  it('are refused without a folder', () => {
    assert.throws(() => readLocalServerSettings({}), /CLAUDE_PROJECTS_LOCAL_FOLDER/);
  });
});
