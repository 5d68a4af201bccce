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

/** What the extension has written to its log. */
export function logText(): string {
  return filesBelow(join(userFolder(), 'logs'))
    .filter((path) => path.includes(extensionId) && path.endsWith('.log'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
}

/** What the pattern catches in the log from `offset` on, as soon as it is there. */
export function untilLogged(pattern: RegExp, offset = 0): Promise<RegExpExecArray> {
  return eventually(`${pattern} in the log`, () => pattern.exec(logText().slice(offset)) ?? undefined);
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
