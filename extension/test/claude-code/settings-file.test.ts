import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { HOOK_EVENTS, type HookEvent, hookCommand } from '../../src/claude-code/hook-command.ts';
import { hasHooks, withHooks, withoutHooks } from '../../src/claude-code/settings-file/hooks-in-settings.ts';
import { findForbidden } from '../../src/claude-code/settings-file/managed-policy.ts';
import { managedSettingsOf } from '../../src/claude-code/settings-file/managed-settings.ts';
import { readSettings, writeSettings } from '../../src/claude-code/settings-file/settings-file.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';

const COMMAND = (event: HookEvent) => hookCommand("/home/ada/it's mine/claude-projects-hook/hook.sh", 'linux', event);
/** As before hooks were told their event. */
const OLDER = () => `sh '/home/ada/old/claude-projects-hook/hook.sh' "$PPID" 2>/dev/null || true`;
const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
const foreign = { type: 'command', command: 'notify-send "claude-projects is great"' };

/** Awkward, and to come back byte by byte. */
const WHOLE: Readonly<Record<string, string>> = {
  'an ordinary one': json({ permissions: { allow: ['Bash(ls)'] }, model: 'opus' }),
  'an empty object over two lines': '{\n}\n',
  'one with tabs': '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n',
  'one indented by four': '{\n    "model": "opus"\n}\n',
  'one without a last newline': '{\n  "model": "opus"\n}',
  'one with the line ends of Windows': '{\r\n  "model": "opus"\r\n}\r\n',
  'one that begins with a byte order mark': '\uFEFF{\n  "model": "opus"\n}\n',
  'comments everywhere': [
    '// mine',
    '{',
    '  // the model',
    '  "model": "opus", // the best',
    '  /* and',
    '     the rest */',
    '  "env": {}',
    '  // the end',
    '}',
    '// after it',
    '',
  ].join('\n'),
  'foreign hooks of an event that is ours too': json({
    hooks: { Stop: [{ hooks: [foreign] }], PreToolUse: [{ matcher: 'Bash', hooks: [foreign] }] },
  }),
  'foreign hooks of events that we do not want': json({
    hooks: { PreToolUse: [{ matcher: 'Bash', hooks: [foreign] }] },
  }),
  'comments among foreign hooks': [
    '{',
    '  "hooks": {',
    '    // when it stops',
    '    "Stop": [',
    '      // tell me',
    '      { "hooks": [{ "type": "command", "command": "say done" }] } // aloud',
    '    ]',
    '  },',
    '  "model": "opus"',
    '}',
    '',
  ].join('\n'),
  'text that looks like comments and like ours': json({ url: 'https://x/*y*/', hint: 'claude-projects-hook/hook.sh' }),
  'names and values of every kind': json({ ключ: '値', '': null, a: [1, [2, { b: [] }]], n: -1.5e-7, t: true }),
  'one big object deep down': json({ a: { b: { c: { d: { e: { hooks: { Stop: 'not ours' } } } } } } }),
};

/** To come back with all that they hold, comments too; where a line breaks may differ. */
const MEANT: Readonly<Record<string, string>> = {
  'an empty object in one line': '{}',
  'all in one line': '{"model":"opus","hooks":{"Stop":[{"hooks":[{"type":"command","command":"say"}]}]}}',
  'a trailing comma': '{\n  "model": "opus",\n}\n',
  'trailing commas in hooks': '{\n  "hooks": {\n    "Stop": [\n      { "hooks": [], },\n    ],\n  },\n}\n',
  'hooks that are empty': '{\n  "model": "opus",\n  "hooks": {}\n}\n',
  'events that are empty': '{\n  "model": "opus",\n  "hooks": { "Stop": [], "PreToolUse": [] }\n}\n',
};

const REFUSED: Readonly<Record<string, string>> = {
  'a comma too few': '{\n  "a": 1\n  "b": 2\n}',
  'cut off in the middle': '{ "hooks": { "Stop": [',
  'no JSON at all': 'model = opus',
  'a list': '[]',
  'a word': '"settings"',
  'hooks that are a list': '{ "hooks": [] }',
  'an event that is an object': '{ "hooks": { "Stop": {} } }',
  'two times hooks': '{ "hooks": {}, "hooks": { "Stop": [] } }',
  'two times an event': '{ "hooks": { "Stop": [], "Stop": [] } }',
  'something after it': '{} {}',
};

function connected(text: string, command: (event: HookEvent) => string = COMMAND): string {
  const edited = withHooks(text, command);
  assert.ok(edited.ok, JSON.stringify(edited));
  return edited.text;
}

function disconnected(text: string): string {
  const edited = withoutHooks(text);
  assert.ok(edited.ok, JSON.stringify(edited));
  return edited.text;
}

function ours(text: string): string[] {
  return [...text.matchAll(/"command": ?"sh (?:[^"\\]|\\.)*"/g)].map(([found]) => found);
}

const commentsIn = (text: string) => text.match(/(?<!https:)\/\/ .*|\/\*[^]*?\*\//g) ?? [];

describe('hooks in settings', () => {
  for (const [name, text] of Object.entries({ ...WHOLE, ...MEANT })) {
    it(`come once for each event, and are as they should the second time: ${name}`, () => {
      const once = connected(text);
      assert.equal(ours(once).length, HOOK_EVENTS.length);
      assert.equal(connected(once), once);
      assert.deepEqual(commentsIn(once), commentsIn(text));
      assert.equal(hasHooks(once), true);
      assert.equal(hasHooks(text), false);
    });

    it(`change their command, and nothing else, with another version: ${name}`, () => {
      assert.equal(connected(connected(text, OLDER)), connected(text));
    });
  }

  for (const [name, text] of Object.entries(WHOLE)) {
    it(`leave no trace: ${name}`, () => {
      assert.equal(disconnected(connected(text)), text);
      assert.equal(disconnected(text), text);
    });
  }

  for (const [name, text] of Object.entries(MEANT)) {
    it(`leave what was there: ${name}`, () => {
      const back = disconnected(connected(text));
      assert.equal(hasHooks(back), false);
      assert.deepEqual(withoutEmptyHooks(back), withoutEmptyHooks(text));
    });
  }

  for (const [name, text] of Object.entries(REFUSED)) {
    it(`are refused: ${name}`, () => {
      assert.equal(withHooks(text, COMMAND).ok, false);
      assert.equal(withoutHooks(text).ok, false);
    });
  }

  it('name the line that is wrong', () => {
    const latin = Buffer.from('{\n  "model": "op\xfas"\n}', 'latin1').toString('utf8');
    for (const edited of [withHooks(latin, COMMAND), withoutHooks(latin)]) {
      assert.deepEqual(edited, { ok: false, why: { kind: 'invalid', line: 2 } }, 'what is no UTF-8 would be lost');
    }
    assert.deepEqual(withHooks('{\n  "a": 1\n  "b": 2\n}', COMMAND), { ok: false, why: { kind: 'invalid', line: 3 } });
    assert.deepEqual(withHooks('{ "hooks": { "Stop": 1 } }', COMMAND), {
      ok: false,
      why: { kind: 'unexpected', where: 'hooks.Stop' },
    });
  });

  it('make a file where there is none, or an empty one', () => {
    for (const text of ['', '\n', '  ']) {
      const made: unknown = JSON.parse(connected(text));
      assert.ok(typeof made === 'object' && made !== null && 'hooks' in made);
      assert.deepEqual(Object.keys(made.hooks ?? {}), [...HOOK_EVENTS]);
      for (const event of HOOK_EVENTS) assert.ok(connected(text).includes(`\\"$PPID\\" ${event} 2>`), event);
    }
  });

  it('are taken out where somebody moved them, doubled them, or put their own beside them', () => {
    const mine = { type: 'command', command: COMMAND('Stop') };
    const text = json({
      hooks: {
        Stop: [{ hooks: [mine, foreign, mine] }, { matcher: '', hooks: [mine] }],
        WorktreeRemove: [{ hooks: [{ ...mine, command: OLDER() }] }],
      },
    });
    assert.deepEqual(JSON.parse(disconnected(text)), { hooks: { Stop: [{ hooks: [foreign] }] } });
    assert.equal(ours(connected(text)).filter((command) => command.includes('it')).length, HOOK_EVENTS.length);
  });
});

function withoutEmptyHooks(text: string): unknown {
  const value: unknown = JSON.parse(text.replaceAll(/,(\s*[}\]])/g, '$1'));
  if (typeof value !== 'object' || value === null || !('hooks' in value)) return value;
  const { hooks, ...rest } = value;
  const events = Object.entries(hooks ?? {}).filter(([, entries]) => Array.isArray(entries) && entries.length > 0);
  return events.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(events) };
}

describe('a settings file', () => {
  const root = temporaryFolder();
  const path = (name = 'settings.json') => join(root(), name);

  it('is made, with the folder it belongs in, for its owner alone', async () => {
    const file = join(root(), '.claude', 'settings.local.json');
    assert.equal(await readSettings(file), undefined);
    assert.equal(await writeSettings(file, undefined, '{}'), 'written');
    assert.equal(readFileSync(file, 'utf8'), '{}');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(root(), '.claude')), ['settings.local.json']);
  });

  it('keeps its mode', async () => {
    writeFileSync(path(), 'a');
    chmodSync(path(), 0o640);
    assert.equal(await writeSettings(path(), 'a', 'b'), 'written');
    assert.equal(statSync(path()).mode & 0o777, 0o640);
    assert.equal(readFileSync(path(), 'utf8'), 'b');
  });

  it('is left as it is where it was changed meanwhile, made, or removed', async () => {
    writeFileSync(path(), 'theirs');
    assert.equal(await writeSettings(path(), 'ours', 'new'), 'changed-meanwhile');
    assert.equal(await writeSettings(path(), undefined, 'new'), 'changed-meanwhile');
    assert.equal(await writeSettings(path('other.json'), 'ours', 'new'), 'changed-meanwhile');
    assert.equal(readFileSync(path(), 'utf8'), 'theirs');
    assert.deepEqual(readdirSync(root()), ['settings.json']);
  });

  it('is left as it is where it may only be read', async () => {
    writeFileSync(path(), 'a', { mode: 0o444 });
    assert.equal(await writeSettings(path(), 'a', 'b'), 'read-only');
    assert.equal(readFileSync(path(), 'utf8'), 'a');
  });

  it('is written where a link leads, also to nowhere yet, and the link stays', async () => {
    const folder = join(root(), 'dotfiles');
    mkdirSync(folder);
    writeFileSync(join(folder, 'claude.json'), 'a');
    symlinkSync(join('dotfiles', 'claude.json'), path());
    assert.equal(await writeSettings(path(), 'a', 'b'), 'written');
    assert.ok(lstatSync(path()).isSymbolicLink());
    assert.equal(readFileSync(join(folder, 'claude.json'), 'utf8'), 'b');
    symlinkSync(join('dotfiles', 'none.json'), path('other.json'));
    assert.equal(await writeSettings(path('other.json'), undefined, 'c'), 'written');
    assert.equal(readFileSync(join(folder, 'none.json'), 'utf8'), 'c');
  });
});

describe('the policy about hooks', () => {
  const root = temporaryFolder();

  it('is found where an organisation forbids them, or the user turned them off', async () => {
    const [managed, own] = [join(root(), 'managed.json'), join(root(), 'own.json')];
    assert.equal(await findForbidden([managed], [own]), undefined);
    writeFileSync(own, '{ "allowManagedHooksOnly": true }');
    assert.equal(await findForbidden([managed], [own]), undefined);
    writeFileSync(own, '{ "disableAllHooks": true /* quiet */ }');
    assert.deepEqual(await findForbidden([managed], [own]), { by: own, setting: 'disableAllHooks' });
    writeFileSync(managed, '{ "allowManagedHooksOnly": true }');
    assert.deepEqual(await findForbidden([managed], [own]), { by: managed, setting: 'allowManagedHooksOnly' });
    writeFileSync(managed, 'not for us');
    assert.deepEqual(await findForbidden([managed], [own]), { by: own, setting: 'disableAllHooks' });
  });

  it('is looked for where each system keeps it', () => {
    assert.deepEqual(managedSettingsOf('linux'), ['/etc/claude-code/managed-settings.json']);
    assert.match(managedSettingsOf('darwin').join(), /^\/Library\/Application Support\/ClaudeCode\//);
    assert.equal(managedSettingsOf('win32').length, 2);
  });
});
