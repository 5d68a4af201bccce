import assert from 'node:assert/strict';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function entriesOf(value: unknown): [string, unknown][] {
  assert.ok(isObject(value), `${JSON.stringify(value)} is not an object`);
  return Object.entries(value);
}

/** What a JSON pointer, as in `#/components/schemas/Task`, leads to. */
export function at(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

export function walk(value: unknown, visit: (value: unknown, key: string) => void, key = ''): void {
  visit(value, key);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries<unknown>({ ...value })) walk(item, visit, name);
}
