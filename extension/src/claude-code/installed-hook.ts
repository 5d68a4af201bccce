import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { hookFolderName } from './hook-command.ts';

export interface InstalledHookParts {
  /** The extension's global storage. */
  readonly storage: string;
  /** Where this version of the extension keeps `hook.sh` and, for Windows, `hook.js`. */
  readonly programs: string;
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  /** Whether that is Electron, which is only Node when it is told to be. */
  readonly isElectron: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface InstalledHook {
  readonly root: string;
  /** What Claude Code is to run. */
  readonly launcher: string;
}

/** Where it is, or will be. The same for every version of the extension: settings that name it stay valid. */
export function hookPlace({ storage, platform }: Pick<InstalledHookParts, 'storage' | 'platform'>): InstalledHook {
  const root = join(storage, hookFolderName);
  return { root, launcher: join(root, platform === 'win32' ? 'hook.cmd' : 'hook.sh') };
}

/** Brings the hook program and what starts it up to date. Writes nothing where they are. */
export async function installHook(parts: InstalledHookParts): Promise<InstalledHook> {
  const place = hookPlace(parts);
  for (const name of ['inbox', 'sessions']) await mkdir(join(place.root, name), { recursive: true, mode: 0o700 });
  const script = join(place.root, 'hook.js');
  if (parts.platform === 'win32') {
    await bring(script, await readFile(join(parts.programs, 'hook.js'), 'utf8'));
    await bring(place.launcher, windowsLauncher(await runtimesOf(parts), script));
  } else {
    await bring(place.launcher, await readFile(join(parts.programs, 'hook.sh'), 'utf8'));
    // Of older versions, whose launcher started a Node.
    await rm(script, { force: true });
  }
  return place;
}

/** A Node of its own starts in a third of the time that the editor takes to be one. */
async function runtimesOf(parts: InstalledHookParts): Promise<readonly string[]> {
  const node = await nodeOnPath(parts);
  // On a remote machine the editor brings a Node of its own, which goes when the editor is brought up to date.
  const found = parts.isElectron ? [node, parts.execPath] : [parts.execPath, node];
  return [...new Set(found.filter((path) => path !== undefined))];
}

/**
 * The first that is there runs the hook. The options that a user gives to Node are for their programs, and might print or
 * load something here.
 */
function windowsLauncher(runtimes: readonly string[], script: string): string {
  const path = (text: string) => `"${text.replaceAll('%', '%%')}"`;
  const tries = runtimes.map(
    (runtime) => `if exist ${path(runtime)} (${path(runtime)} ${path(script)} %1 >nul 2>nul & exit /b 0)`,
  );
  return ['@echo off', 'set NODE_OPTIONS=', 'set ELECTRON_RUN_AS_NODE=1', ...tries, 'exit /b 0', ''].join('\r\n');
}

async function nodeOnPath({ env, platform }: InstalledHookParts): Promise<string | undefined> {
  const name = platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function bring(path: string, text: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === text) return;
  // A hook may run it at this very moment.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
