import { type Metadata, StoredMetadata } from '@claude-projects/shared/contract';

/** A document as it came from the database: what it holds is known only once it was looked at. */
export type Stored = Readonly<Record<string, unknown>>;

// Readers of single fields. The schemas hold on the way in, so a mismatch means that somebody wrote to the
// database by hand, or that an older version did; what an older version did not know is missing and means null.

export function text(stored: Stored, field: string): string {
  const value = stored[field];
  return typeof value === 'string' ? value : unreadable(field, 'text');
}

export function textOrNull(stored: Stored, field: string): string | null {
  return isMissing(stored, field) ? null : text(stored, field);
}

export function number(stored: Stored, field: string): number {
  const value = stored[field];
  return typeof value === 'number' ? value : unreadable(field, 'a number');
}

export function numberOrNull(stored: Stored, field: string): number | null {
  return isMissing(stored, field) ? null : number(stored, field);
}

export function boolean(stored: Stored, field: string): boolean {
  const value = stored[field];
  return typeof value === 'boolean' ? value : unreadable(field, 'true or false');
}

export function time(stored: Stored, field: string): Date {
  const value = stored[field];
  return value instanceof Date ? value : unreadable(field, 'a time');
}

export function timeOrNull(stored: Stored, field: string): Date | null {
  return isMissing(stored, field) ? null : time(stored, field);
}

export function oneOf<Value extends string>(stored: Stored, field: string, values: readonly Value[]): Value {
  return values.find((value) => value === stored[field]) ?? unreadable(field, `one of ${values.join(', ')}`);
}

export function texts(stored: Stored, field: string): string[] {
  return list(stored, field).map((item) => (typeof item === 'string' ? item : unreadable(field, 'texts')));
}

export function numbers(stored: Stored, field: string): number[] {
  return list(stored, field).map((item) => (typeof item === 'number' ? item : unreadable(field, 'numbers')));
}

export function metadata(stored: Stored, field: string): Metadata {
  return StoredMetadata.parse(stored[field]);
}

function list(stored: Stored, field: string): unknown[] {
  const value = stored[field];
  return Array.isArray(value) ? value : unreadable(field, 'a list');
}

function isMissing(stored: Stored, field: string): boolean {
  return stored[field] === undefined || stored[field] === null;
}

function unreadable(field: string, expected: string): never {
  throw new TypeError(`field ${field} does not hold ${expected}`);
}
