import assert from 'node:assert/strict';
import manifest from '../../package.json' with { type: 'json' };
import { inEnglish } from '../../src/platform/localize.ts';
import { checkSettings, DEFAULT_API_BASE_URL, type RawSettings } from '../../src/settings/check-settings.ts';
import { emptySettings } from './support/empty-settings.ts';

const check = (changes: Partial<RawSettings>) => checkSettings({ ...emptySettings, ...changes }, inEnglish);
const problemsOf = (changes: Partial<RawSettings>) => check(changes).problems.map(({ setting }) => setting);

describe('the settings', () => {
  it('have defaults, and nothing is wrong with them', () => {
    assert.deepEqual(check({}), {
      problems: [],
      settings: {
        serverMode: 'auto',
        apiBaseUrl: DEFAULT_API_BASE_URL,
        projectId: undefined,
        machineId: undefined,
        dockerSlot: undefined,
        heartbeatIntervalSeconds: 60,
        refreshIntervalSeconds: 15,
        recoveryPrompting: 'always',
        groupBy: 'health',
        trace: false,
      },
    });
  });

  it('are taken where they make sense', () => {
    const { settings, problems } = check({
      'server.mode': 'remote',
      apiBaseUrl: 'https://example.com/prefix/',
      projectId: 'acme/shop',
      machineId: 'laptop',
      dockerSlot: 3,
      heartbeatIntervalSeconds: 10,
      refreshIntervalSeconds: 60,
      'recovery.prompt': 'attention',
      groupBy: 'machine',
      trace: true,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      serverMode: 'remote',
      apiBaseUrl: 'https://example.com/prefix',
      projectId: 'acme/shop',
      machineId: 'laptop',
      dockerSlot: 3,
      heartbeatIntervalSeconds: 10,
      refreshIntervalSeconds: 60,
      recoveryPrompting: 'attention',
      groupBy: 'machine',
      trace: true,
    });
  });

  const nonsense: Partial<RawSettings>[] = [
    { heartbeatIntervalSeconds: -1 },
    { heartbeatIntervalSeconds: 9.9 },
    { heartbeatIntervalSeconds: 301 },
    { heartbeatIntervalSeconds: '60' },
    { heartbeatIntervalSeconds: Number.NaN },
    { refreshIntervalSeconds: 0 },
    { refreshIntervalSeconds: 4000 },
    { dockerSlot: 1.5 },
    { dockerSlot: -1 },
    { dockerSlot: 60_000 },
    { 'server.mode': 'elsewhere' },
    { 'server.mode': '' },
    { 'recovery.prompt': 'sometimes' },
    { groupBy: ['health'] },
    { trace: 'yes' },
    { projectId: '   ' },
    { projectId: 'x'.repeat(201) },
    { machineId: { name: 'laptop' } },
  ];
  for (const changes of nonsense) {
    it(`refuse ${JSON.stringify(changes)}, name it, and keep the default`, () => {
      const [name] = Object.keys(changes);
      assert.deepEqual(problemsOf(changes), [`claudeProjects.${name}`]);
      assert.deepEqual(check(changes).settings, check({}).settings);
    });
  }

  it('name every problem, not only the first', () => {
    assert.deepEqual(problemsOf({ heartbeatIntervalSeconds: -1, groupBy: 'x' }), [
      'claudeProjects.heartbeatIntervalSeconds',
      'claudeProjects.groupBy',
    ]);
  });
});

describe('the address of the API', () => {
  const pattern = new RegExp(manifest.contributes.configuration.properties['claudeProjects.apiBaseUrl'].pattern);

  const good = [
    'https://example.com',
    'https://example.com:8443/behind/a/prefix',
    'https://[2001:db8::1]:8443',
    'http://localhost:3000',
    'http://127.0.0.1:3000/',
    'http://[::1]:3000',
  ];
  for (const url of good) {
    it(`may be ${url}, in the editor's check as in ours`, () => {
      assert.equal(check({ apiBaseUrl: url }).settings.apiBaseUrl, url.replace(/\/$/, ''));
      assert.match(url, pattern);
    });
  }

  const bad = [
    '',
    'example.com',
    'example.com:3000',
    '//example.com',
    'ftp://example.com',
    'javascript:alert(1)',
    'https://',
    'https:///example.com',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://localhost@example.com',
    'https://me:secret@example.com',
    'https://@example.com',
    'https://example.com/?key=1',
    'https://example.com/#',
    'https://example.com/a b',
    ' https://example.com',
  ];
  for (const url of bad) {
    it(`must not be ${JSON.stringify(url)}, in the editor's check as in ours, and no other takes its place`, () => {
      const { settings, problems } = check({ apiBaseUrl: url });
      assert.equal(settings.apiBaseUrl, undefined);
      assert.deepEqual(
        problems.map(({ setting }) => setting),
        ['claudeProjects.apiBaseUrl'],
      );
      assert.doesNotMatch(url, pattern);
    });
  }

  it('must be a text', () => {
    assert.equal(check({ apiBaseUrl: 7 }).settings.apiBaseUrl, undefined);
  });

  it('is not repeated in what is said about it', () => {
    const [problem] = check({ apiBaseUrl: 'https://me:secret@example.com' }).problems;
    assert.ok(problem);
    assert.doesNotMatch(problem.message, /secret/);
  });
});
