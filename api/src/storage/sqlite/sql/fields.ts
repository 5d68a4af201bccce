import { type Metadata, StoredMetadata } from '@claude-projects/shared/contract';
import type { Row } from '../engine/connection.ts';

// Readers of single columns. The tables are STRICT and checked, so a mismatch means that a statement does not
// fetch what its mapper reads, or that somebody wrote to the file by hand.

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unreadable(column, 'text');
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : unreadable(column, 'a number');
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

export function time(row: Row, column: string): Date {
  return new Date(integer(row, column));
}

export function timeOrNull(row: Row, column: string): Date | null {
  return row[column] === null ? null : time(row, column);
}

export function oneOf<Value extends string>(row: Row, column: string, values: readonly Value[]): Value {
  return values.find((value) => value === row[column]) ?? unreadable(column, `one of ${values.join(', ')}`);
}

export function json(row: Row, column: string): unknown {
  return JSON.parse(text(row, column));
}

export function metadata(row: Row, column: string): Metadata {
  return StoredMetadata.parse(json(row, column));
}

function unreadable(column: string, expected: string): never {
  throw new TypeError(`column ${column} does not hold ${expected}`);
}
