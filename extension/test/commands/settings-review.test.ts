import assert from 'node:assert/strict';
import { comparisonUri, fileNameOf } from '../../src/commands/settings-review.ts';

describe('the comparison of settings', () => {
  const paths: Readonly<Record<string, string>> = {
    '/home/ada/.claude/settings.json': '/home/ada/.claude/settings.json.jsonc',
    '/srv/our #1 shop? 100%/.claude/settings.local.json': '/srv/our #1 shop? 100%/.claude/settings.local.json.jsonc',
    'C:\\Users\\Ada L\\.claude\\settings.json': '/C:/Users/Ada L/.claude/settings.json.jsonc',
    '\\\\server\\share\\.claude\\settings.json': '/server/share/.claude/settings.json.jsonc',
    '//server/share/settings.json': '/server/share/settings.json.jsonc',
  };
  for (const [path, expected] of Object.entries(paths)) {
    it(`has a valid URI for ${path}`, () => {
      // The editor's rule for a URI without an authority.
      assert.match(expected, /^\/(?!\/)/);
      assert.deepEqual(comparisonUri(path, 'current-1'), {
        scheme: 'claude-projects-settings',
        path: expected,
        query: 'current-1',
      });
    });
  }

  it('is named after the file, on each system', () => {
    for (const path of ['/home/ada/.claude/settings.json', 'C:\\Users\\ada\\.claude\\settings.json'])
      assert.equal(fileNameOf(path), 'settings.json');
  });
});
