import { type ParseError, parse } from 'jsonc-parser';
import { readSettings } from './settings-file.ts';

/** Why hooks that are in the settings will not run. */
export type Forbidden = { readonly by: string; readonly setting: 'allowManagedHooksOnly' | 'disableAllHooks' };

/** The first that forbids them: managed settings, then those that the user keeps. */
export async function findForbidden(
  managed: readonly string[],
  own: readonly string[],
): Promise<Forbidden | undefined> {
  for (const path of managed) {
    const found = forbiddenIn(await textOf(path), path, ['disableAllHooks', 'allowManagedHooksOnly']);
    if (found) return found;
  }
  for (const path of own) {
    const found = forbiddenIn(await textOf(path), path, ['disableAllHooks']);
    if (found) return found;
  }
  return undefined;
}

function forbiddenIn(
  text: string | undefined,
  by: string,
  settings: readonly Forbidden['setting'][],
): Forbidden | undefined {
  const errors: ParseError[] = [];
  const value: unknown = text === undefined ? undefined : parse(text, errors, { allowTrailingComma: true });
  if (typeof value !== 'object' || value === null) return undefined;
  const setting = settings.find((name) => Reflect.get(value, name) === true);
  return setting && { by, setting };
}

/** What cannot be read forbids nothing that we could tell of. */
async function textOf(path: string): Promise<string | undefined> {
  return readSettings(path).catch(() => undefined);
}
