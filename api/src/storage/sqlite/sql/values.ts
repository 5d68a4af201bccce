import type { SQLInputValue } from 'node:sqlite';
import type { Metadata } from '@claude-projects/shared/contract';
import type { Parameters } from '../engine/connection.ts';

/** Everything a record's field can be. Times are stored as milliseconds, structures as JSON. */
export type FieldValue = string | number | boolean | null | Date | Metadata | readonly (string | number)[];

export function toStored(value: FieldValue): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (!(value instanceof Date)) return JSON.stringify(value);
  const time = value.getTime();
  // SQLite would store NaN as NULL, which means something else.
  if (Number.isNaN(time)) throw new RangeError('an invalid date cannot be stored');
  return time;
}

/** The parameters that carry a whole record, named as its columns. */
export function recordParameters<Column extends string>(
  record: Readonly<Record<Column, FieldValue>>,
  columns: readonly Column[],
): Parameters {
  return Object.fromEntries(columns.map((column) => [column, toStored(record[column])]));
}
