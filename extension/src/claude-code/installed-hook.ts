import { randomUUID } from 'node:crypto';
import { access, chmod, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { hookFolderName, quoted } from './hook-command.ts';

export interface InstalledHookParts {
  /** The extension's global storage. */
  readonly storage: string;
  /** `dist/hook.js` of this version of the extension. */
  readonly script: string;
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
  await mkdir(join(place.root, 'sessions'), { recursive: true, mode: 0o700 });
  const script = join(place.root, 'hook.js');
  await bring(script, await readFile(parts.script, 'utf8'));
  const node = await nodeOnPath(parts);
  // On a remote machine the editor brings a Node of its own, which goes when the editor is brought up to date.
  const found = parts.isElectron ? [node, parts.execPath] : [parts.execPath, node];
  const runtimes = [...new Set(found.filter((path) => path !== undefined))];
  const text = parts.platform === 'win32' ? windowsLauncher(runtimes, script) : posixLauncher(runtimes, script);
  await bring(place.launcher, text);
  await chmod(place.launcher, 0o700);
  return place;
}

/**
 * The first that is there runs the hook. A Node of its own starts in a third of the time that the editor takes to be
 * one. The options that a user gives to Node are for their programs, and might print or load something here.
 */
function posixLauncher(runtimes: readonly string[], script: string): string {
  const tries = runtimes.map((path) => `[ -x ${quoted(path)} ] && exec ${quoted(path)} ${quoted(script)} "$1"`);
  return [
    '#!/bin/sh',
    '# Written by the extension Claude Projects, and again whenever something in it changes.',
    'unset NODE_OPTIONS',
    'ELECTRON_RUN_AS_NODE=1',
    'export ELECTRON_RUN_AS_NODE',
    'exec >/dev/null 2>&1',
    ...tries,
    'exit 0',
    '',
  ].join('\n');
}

function windowsLauncher(runtimes: readonly string[], script: string): string {
  const path = (text: string) => `"${text.replaceAll('%', '%%')}"`;
  const tries = runtimes.map(
    (runtime) => `if exist ${path(runtime)} (${path(runtime)} ${path(script)} >nul 2>nul & exit /b 0)`,
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
