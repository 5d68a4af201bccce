import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import manifest from '../../package.json' with { type: 'json' };
import strings from '../../package.nls.json' with { type: 'json' };
import { openVsix, vsix } from './support/vsix.ts';

const workspace = join(import.meta.dirname, '../../..');
const Packed = z.object({ name: z.string(), version: z.string(), main: z.string(), icon: z.string() });

const FILES = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/api.d.ts',
  'extension/changelog.md',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/dist/claude-settings.js',
  'extension/dist/extension.js',
  'extension/dist/hook.js',
  'extension/dist/hook.sh',
  'extension/dist/server.mjs',
  'extension/dist/session-page.js',
  'extension/l10n/bundle.l10n.json',
  'extension/media/icon.png',
  'extension/media/pictures/attention.png',
  'extension/media/pictures/demo.png',
  'extension/media/pictures/sessions.png',
  'extension/media/pictures/tracked.png',
  'extension/media/session-page.css',
  'extension/media/sessions.svg',
  'extension/package.json',
  'extension/package.nls.json',
  'extension/readme.md',
];

describe('the package', () => {
  let read: (path: string) => Promise<string>;
  let paths: readonly string[];

  before(async () => {
    const zip = await openVsix();
    paths = Object.values(zip.files).flatMap(({ dir, name }) => (dir ? [] : [name]));
    read = async (path) => (await zip.file(`extension/${path}`)?.async('string')) ?? assert.fail(`${path} is missing`);
  });

  it('holds what is needed, and no source, test or source map', () => {
    assert.deepEqual(paths.toSorted(), FILES);
  });

  it('is at most 2.5 MB', () => {
    assert.ok(statSync(vsix).size <= 2.5 * 1024 * 1024, `${statSync(vsix).size} bytes`);
  });

  it('is of this version, and so are its changes', async () => {
    const packed = Packed.parse(JSON.parse(await read('package.json')));
    assert.deepEqual(packed, Packed.parse(manifest));
    assert.ok((await read('changelog.md')).includes(`## ${manifest.version}\n`));
  });

  it('carries the licences of the code that others wrote', async () => {
    const notices = await read('dist/THIRD-PARTY-NOTICES.txt');
    for (const name of ['axios', 'fastify', '@nestjs/core', 'zod', 'pino']) {
      assert.match(notices, new RegExp(`^${name} \\d+\\.`, 'm'), name);
    }
    assert.doesNotMatch(notices, /License: not stated/);
  });

  it('is under the licence of the workspace', async () => {
    assert.equal(await read('LICENSE.txt'), readFileSync(join(workspace, 'LICENSE'), 'utf8'));
  });

  it('has an icon of at least 128 × 128 pixels', () => {
    const png = readFileSync(join(workspace, 'extension', manifest.icon));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    const side = png.readUInt32BE(16);
    assert.ok(side >= 128, String(side));
    assert.equal(png.readUInt32BE(20), side);
  });

  it('has a README whose pictures are in it, and which names every setting and no other', async () => {
    const readme = await read('readme.md');
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, source = '']) => source);
    assert.equal(pictures.length, 3);
    for (const picture of pictures) assert.ok(FILES.includes(`extension/${picture}`), picture);
    const named = [...readme.matchAll(/^\| `(claudeProjects\.[\w.]+)`/gm)].map(([, name = '']) => name);
    assert.deepEqual(named.toSorted(), Object.keys(manifest.contributes.configuration.properties).toSorted());
  });

  it('has a walkthrough of four steps, with pictures that are in it and commands that exist', () => {
    const text: Readonly<Record<string, string>> = strings;
    const known = new Set([
      ...manifest.contributes.commands.map(({ command }) => command),
      ...manifest.contributes.views.claudeProjects.map(({ id }) => `${id}.focus`),
    ]);
    assert.equal(manifest.contributes.walkthroughs.length, 1);
    const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    assert.equal(steps.length, 4);
    for (const { id, description, media, completionEvents } of steps) {
      assert.ok(FILES.includes(`extension/${media.image}`), media.image);
      const links = (text[description.replaceAll('%', '')] ?? '').matchAll(/\(command:([\w.]+)\)/g);
      const commands = [...links].map(([, command = '']) => command);
      assert.ok(commands.length > 0, id);
      const events = completionEvents.flatMap((event) => /^onCommand:(.*)/.exec(event)?.[1] ?? []);
      for (const command of [...commands, ...events]) assert.ok(known.has(command), command);
    }
  });
});
