import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ERROR_CODES, ROUTES, type Route } from '../../shared/src/contract/index.ts';
import { manifestOf } from './manifest.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Where names come from. Tests name much that does not exist, on purpose. */
const SOURCES = ['*.ts', '*.mts', '*.json', '*.yml', '*.sh', '.ci/*', '.env.example', ':!*.test.ts', ':!*.e2e.ts'];

const Package = z.object({
  name: z.string(),
  scripts: z.record(z.string(), z.string()),
  devDependencies: z.optional(z.record(z.string(), z.string())),
});

const PACKAGES = ['api', 'extension', 'shared'];
/** Variables of others that we speak of. */
const OF_OTHERS = ['AWS_PROFILE', 'NODE_EXTRA_CA_CERTS'];
/** What pnpm does by itself. */
const OF_PNPM = ['install', 'add', 'exec', 'dlx'];

export function vocabularyOf(workspace: string): Vocabulary {
  const found = execFileSync('git', ['grep', '--untracked', '-hoIE', '[A-Z][A-Z0-9]*(_[A-Z0-9]+)+', '--', ...SOURCES], {
    cwd: workspace,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    capitals: new Set([...found.split('\n'), ...ERROR_CODES, ...OF_OTHERS]),
    contributions: manifestOf(workspace).names,
    endpoints: Object.values<Route>(ROUTES).map(({ method, path }) => `${method} ${path}`),
    scripts: new Map([
      ['', scriptsOf(join(workspace, 'package.json')).scripts],
      ...PACKAGES.map((folder) => {
        const { name, scripts } = scriptsOf(join(workspace, folder, 'package.json'));
        return [name, scripts] as const;
      }),
    ]),
  };
}

function scriptsOf(file: string): { name: string; scripts: ReadonlySet<string> } {
  const { name, scripts, devDependencies = {} } = Package.parse(JSON.parse(readFileSync(file, 'utf8')));
  // A program that is installed, such as sst, is run by its own name.
  return { name, scripts: new Set([...Object.keys(scripts), ...Object.keys(devDependencies), ...OF_PNPM]) };
}
