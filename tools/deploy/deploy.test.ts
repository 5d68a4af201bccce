import assert from 'node:assert/strict';
import { CommandError } from './commands.ts';
import { deploy } from './deploy.ts';
import { scriptedCommands } from './scripted-commands.ts';
import { problemsOf, readSecrets } from './secrets.ts';
import { asStage } from './stages.ts';
import { UsageError } from './usage-error.ts';

const KEY = '7f6c2a52-3f0e-4b43-9d6f-2a55f6d0c111';
const OTHER_KEY = '0b2f6f4e-8f57-4a3c-b1d2-5c8e7a9b0c22';
const complete = `# claude-projects/staging\nApiKeys=${KEY},${OTHER_KEY}\nMongoDBUri=mongodb+srv://user:p=q@host/db?w=1\n`;

describe('the secrets of a stage', () => {
  it('are sound where the functions could read them', () => {
    assert.deepEqual(problemsOf(readSecrets(complete), 'staging'), []);
  });

  it('may be those that are kept for every stage', () => {
    const listing = `# fallback\nApiKeys=none\nMongoDBUri=mongodb://host\n# claude-projects/dev\nApiKeys=${KEY}\n`;
    assert.equal(readSecrets(listing).get('ApiKeys'), KEY);
    assert.deepEqual(problemsOf(readSecrets(listing), 'dev'), []);
  });

  it('are all named where they are missing', () => {
    const set = (name: string) => `${name}: is not set. Set it: pnpm sst secret set ${name} --stage dev`;
    assert.deepEqual(problemsOf(readSecrets(''), 'dev'), [set('MongoDBUri'), set('ApiKeys')]);
    assert.deepEqual(problemsOf(readSecrets('MongoDBUri=\nApiKeys= , '), 'dev'), [set('MongoDBUri'), set('ApiKeys')]);
  });

  it('are told to be wrong without being shown', () => {
    const problems = problemsOf(readSecrets(`MongoDBUri=postgres://secret\nApiKeys=${KEY},hunter2`), 'dev');
    assert.deepEqual(problems, [
      'MongoDBUri: must begin with mongodb:// or mongodb+srv://',
      'ApiKeys: each key must be a UUID, version 4',
    ]);
  });
});

describe('a deployment', () => {
  it('checks the secrets, builds, and deploys, in this order', async () => {
    const commands = scriptedCommands({ 'secret list': complete, 'api build': '', 'sst deploy': '' });
    await deploy('staging', '/workspace', commands);
    assert.deepEqual(commands.ran, [
      'sst secret list --stage staging',
      'npx -y pnpm@12.21.0 --filter api build',
      'sst deploy --stage staging',
    ]);
  });

  it('stops before it builds where secrets are missing, and names them', async () => {
    const commands = scriptedCommands({ 'secret list': '' });
    await assert.rejects(deploy('production', '/workspace', commands), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /MongoDBUri: is not set[\s\S]*ApiKeys: is not set/);
      return true;
    });
  });

  it('names the secrets that it needs where they could not be listed', async () => {
    const commands = scriptedCommands({ 'secret list': new CommandError(['sst'], 'it ended with code 1') });
    await assert.rejects(deploy('dev', '/workspace', commands), /code 1[\s\S]*MongoDBUri: is not set[\s\S]*ApiKeys/);
  });

  it('deploys nothing that could not be built', async () => {
    const broken = new CommandError(['pnpm'], 'it ended with code 1');
    const commands = scriptedCommands({ 'secret list': complete, 'api build': broken });
    await assert.rejects(deploy('dev', '/workspace', commands), broken);
  });

  it('knows three stages', () => {
    assert.deepEqual(['dev', 'staging', 'production'].map(asStage), ['dev', 'staging', 'production']);
    for (const name of [undefined, '', 'prod']) assert.throws(() => asStage(name), UsageError);
  });
});
