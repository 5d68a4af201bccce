import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const shared = resolve(import.meta.dirname, '..');
const workspace = resolve(shared, '..');
const compiler = join(workspace, 'node_modules/typescript/bin/tsc');

/** Runs the type checker on a project file; rejects with its findings. */
export async function runTypeScript(project: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', project]);
  } catch (failure) {
    const findings = failure instanceof Error && 'stdout' in failure ? String(failure.stdout) : '';
    throw new Error(`TypeScript refuses ${project}:\n${findings}`, { cause: failure });
  }
}

/** The declaration files of the client's source, by file name without its extension. */
export async function emitDeclarations(): Promise<Map<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'client-declarations-'));
  try {
    const project = join(directory, 'tsconfig.json');
    const out = join(directory, 'out');
    const configuration = {
      extends: join(workspace, 'tsconfig.base.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: join(shared, 'src'),
        outDir: out,
        types: ['node'],
        typeRoots: [join(workspace, 'node_modules/@types')],
      },
      files: [join(shared, 'src/client/index.ts')],
    };
    await writeFile(project, JSON.stringify(configuration));
    await runTypeScript(project);
    const client = join(out, 'client');
    const files = (await readdir(client)).filter((file) => file.endsWith('.d.ts'));
    const texts = files.map(async (file) => [file.slice(0, -5), await readFile(join(client, file), 'utf8')] as const);
    return new Map(await Promise.all(texts));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
