import { createHash } from 'node:crypto';
import type { JsonValue } from '@claude-projects/shared/contract';

/** Equal for equal content, whatever the order of keys: tells a repeated create from a reused id. */
export function fingerprint(content: { [key: string]: JsonValue | undefined }): string {
  return createHash('sha256').update(canonical(content)).digest('base64url');
}

function canonical(value: JsonValue | undefined | { [key: string]: JsonValue | undefined }): string {
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${entries.join(',')}}`;
}
