import assert from 'node:assert/strict';
import { projectOfRemote } from '../../src/workspace/git-remote.ts';

describe('the project of a git remote', () => {
  const known = {
    'git@github.com:owner/name.git': 'owner/name',
    'git@github.com:owner/name': 'owner/name',
    'github.com:owner/name.git': 'owner/name',
    'ssh://git@github.com/owner/name.git': 'owner/name',
    'ssh://git@example.com:2222/owner/name.git/': 'owner/name',
    'https://github.com/owner/name.git': 'owner/name',
    'https://github.com/owner/name': 'owner/name',
    'https://me:secret@github.com/owner/name.git': 'owner/name',
    'https://secret@github.com/owner/name.git': 'owner/name',
    'https://gitlab.example.com/group/sub/name.git': 'group/sub/name',
    'git://example.com/owner/name.git': 'owner/name',
    'https://example.com/owner/my%20name.git': 'owner/my name',
    'https://example.com/owner/100%.git': 'owner/100%',
    '[::1]:owner/name.git': 'owner/name',
    '  git@github.com:/owner/name.git  ': 'owner/name',
  };
  for (const [remote, project] of Object.entries(known)) {
    it(`is ${project} for ${remote.trim()}`, () => assert.equal(projectOfRemote(remote), project));
  }

  for (const remote of [
    '',
    '/srv/git/name.git',
    '../name.git',
    'C:\\work\\name.git',
    'file:///srv/name.git',
    'https://github.com/',
    'https://',
  ]) {
    it(`is unknown for ${JSON.stringify(remote)}`, () => assert.equal(projectOfRemote(remote), undefined));
  }
});
