// Packs what `.vscodeignore` names into `claude-projects-<version>.vsix`. The editor and the galleries show pictures of
// a README from the web only: PICTURES_URL is the address under which they can read this folder.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import manifest from '../package.json' with { type: 'json' };

const file = `${manifest.name}-${manifest.version}.vsix`;
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const address = process.env['PICTURES_URL'];
const links = address ? ['--baseImagesUrl', address, '--baseContentUrl', address] : ['--no-rewrite-relative-links'];
const { status } = spawnSync(
  process.execPath,
  [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', file, ...links],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
