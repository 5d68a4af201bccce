// `node build/build-client.ts`: writes the client to dist/client/, as a package that needs no other.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { CLIENT_VERSION } from '../src/client/version.ts';
import { CLIENT_BUNDLE_OPTIONS } from './bundle-options.ts';
import { clientDeclarations } from './client-declarations.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

const shared = resolve(import.meta.dirname, '..');

const MANIFEST = {
  name: '@claude-projects/client',
  version: CLIENT_VERSION,
  description: 'Client of the Claude Projects API: typed, with retries that are safe.',
  license: 'UNLICENSED',
  type: 'module',
  main: './index.cjs',
  module: './index.mjs',
  types: './index.d.ts',
  exports: {
    '.': {
      import: { types: './index.d.mts', default: './index.mjs' },
      require: { types: './index.d.cts', default: './index.cjs' },
    },
    './package.json': './package.json',
  },
  sideEffects: false,
  engines: { node: '>=20' },
};

export async function buildClient(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  const [notices, declarations, readme] = await Promise.all([
    bundle(directory, 'esm', 'index.mjs'),
    clientDeclarations(),
    readFile(join(shared, 'README.md'), 'utf8'),
    bundle(directory, 'cjs', 'index.cjs'),
  ]);
  await Promise.all([
    // The same text three times: each way to import a module looks for its types under another name.
    ...['index.d.ts', 'index.d.mts', 'index.d.cts'].map((name) => write(name, declarations)),
    write('package.json', `${JSON.stringify(MANIFEST, null, 2)}\n`),
    write('README.md', readmeOf(readme)),
    write('THIRD-PARTY-NOTICES.txt', notices),
  ]);
}

/** Not minified: who debugs through it should be able to read it, and bundlers minify for themselves. */
async function bundle(directory: string, format: 'esm' | 'cjs', name: string): Promise<string> {
  const { metafile } = await build({
    ...CLIENT_BUNDLE_OPTIONS,
    absWorkingDir: shared,
    entryPoints: ['src/client/index.ts'],
    outfile: join(directory, name),
    format,
    metafile: true,
    logLevel: 'warning',
  });
  return thirdPartyNotices(Object.keys(metafile.inputs), shared);
}

/** What the workspace's README says about the client, and nothing about the workspace. */
function readmeOf(text: string): string {
  const about = text.slice(text.indexOf('## Example'), text.indexOf('## Bundling'));
  const introduction = `# Claude Projects client

\`StateTrackingApiClient\` talks to the Claude Projects API. It has one method for each route. It needs no other package
and runs on Node.js 20 or newer, through \`import\` and \`require\`.

`;
  return introduction + about.replaceAll('@claude-projects/shared/client', MANIFEST.name).trimEnd() + '\n';
}

if (import.meta.main) {
  const directory = resolve(shared, '../dist/client');
  await buildClient(directory);
  console.log(`The client is in ${directory}`);
}
