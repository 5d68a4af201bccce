// A folder that looks to SST like the workspace: our configuration, and its components beside it.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface EvaluationWorkspace extends Disposable {
  readonly folder: string;
  /** SST's components in one file. */
  readonly components: string;
  /** Writes a configuration that may differ from ours; answers with its file. */
  write(configuration: string): string;
}

/** Left to be loaded as they are: they are large, and find their own files. */
const EXTERNAL = ['@pulumi/*', '@pulumiverse/*', '@aws-sdk/*', 'undici', 'esbuild', 'archiver', 'glob', 'vite'];

const BANNER = [
  "import { createRequire as requireFrom } from 'node:module';",
  "import { fileURLToPath as pathOf } from 'node:url';",
  'const require = requireFrom(import.meta.url);',
  'const __filename = pathOf(import.meta.url);',
  "const __dirname = pathOf(new URL('.', import.meta.url));",
].join('\n');

export async function evaluationWorkspace(platform: string): Promise<EvaluationWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), 'sst-evaluation-'));
  const components = join(folder, 'components.mjs');
  mkdirSync(join(folder, '.sst'));
  symlinkSync(platform, join(folder, '.sst', 'platform'), 'junction');
  symlinkSync(join(platform, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  await build({
    stdin: {
      contents: [
        "export * as util from '@pulumi/pulumi';",
        "export * as aws from '@pulumi/aws';",
        "export * as random from '@pulumi/random';",
        "export * as sst from './src/components';",
        "export * as shim from './src/shim/run.js';",
        "export { run } from './src/auto/run';",
      ].join('\n'),
      resolveDir: platform,
      sourcefile: 'components.ts',
      loader: 'ts',
    },
    outfile: components,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node24',
    banner: { js: BANNER },
    external: EXTERNAL,
    inject: [join(platform, 'src/shim/run.js')],
    nodePaths: [join(platform, 'node_modules')],
    // Ours would refuse what SST's own sources do.
    tsconfigRaw: {},
    logLevel: 'error',
  });
  let written = 0;
  return {
    folder,
    components,
    write: (configuration) => {
      const home = join(folder, `configuration-${++written}`);
      mkdirSync(home);
      const file = join(home, 'sst.config.ts');
      writeFileSync(file, configuration);
      return file;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
