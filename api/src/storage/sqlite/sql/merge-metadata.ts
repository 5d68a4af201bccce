import type { SQLOutputValue } from 'node:sqlite';
import { StoredMetadata } from '@claude-projects/shared/contract';

/**
 * SQL function: both arguments and the result are JSON text. SQLite's own json_patch will not do, because it
 * takes a null as "remove this key" and merges below the top level too.
 */
export function mergeMetadata(stored: SQLOutputValue, given: SQLOutputValue): string {
  return JSON.stringify({ ...parse(stored), ...parse(given) });
}

function parse(value: SQLOutputValue) {
  return StoredMetadata.parse(JSON.parse(String(value)));
}
