// What the extension writes, found from outside it: the editor keeps all its files in the run's folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extensionId } from './claude-projects.ts';
import { eventually } from './eventually.ts';
import { environment } from './runner.ts';

/** The files in the extension's global storage. */
export function storedFiles(): readonly string[] {
  return filesBelow(join(userFolder(), 'User/globalStorage', extensionId));
}

/** How long each log is: every window of the run, and every start of its extension host, has one of its own. */
export type LogMark = ReadonlyMap<string, number>;

export function logMark(): LogMark {
  return new Map(logs().map(({ path, text }) => [path, text.length]));
}

/** What the extension has written to its logs since then, else at all. */
export function logText(since: LogMark = new Map()): string {
  return logs()
    .map(({ path, text }) => text.slice(since.get(path) ?? 0))
    .join('\n');
}

/** What the pattern catches in what was logged since then, as soon as it is there. */
export function untilLogged(pattern: RegExp, since?: LogMark): Promise<RegExpExecArray> {
  return eventually(`${pattern} in the log`, () => pattern.exec(logText(since)) ?? undefined);
}

function logs(): readonly { readonly path: string; readonly text: string }[] {
  return filesBelow(join(userFolder(), 'logs'))
    .filter((path) => path.includes(extensionId) && path.endsWith('.log'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function userFolder(): string {
  return join(environment('TEST_RUN_FOLDER'), 'user');
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
