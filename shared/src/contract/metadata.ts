import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type Metadata = { [key: string]: JsonValue };

export interface MetadataProblem {
  path: (string | number)[];
  message: string;
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Why metadata would be refused, the first reason only; undefined means it is fine. */
export function metadataProblem(value: unknown): MetadataProblem | undefined {
  if (!isPlainObject(value)) return { path: [], message: 'must be an object' };
  const problem = valueProblem(value, [], 1);
  if (problem) return problem;
  // Only now is it known to be free of cycles and of values JSON cannot carry.
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes > LIMITS.metadataBytes) {
    return { path: [], message: `must be at most ${LIMITS.metadataBytes} bytes as JSON, got ${bytes}` };
  }
  return undefined;
}

function valueProblem(value: unknown, path: (string | number)[], depth: number): MetadataProblem | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') {
    return value.isWellFormed() ? undefined : { path, message: 'must be well-formed Unicode' };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path, message: 'must be a finite number' };
  }
  if (!Array.isArray(value) && !isPlainObject(value)) return { path, message: 'must be a JSON value' };
  // The depth bound also ends a cycle.
  if (depth > LIMITS.metadataDepth) {
    return { path, message: `must be at most ${LIMITS.metadataDepth} levels deep` };
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const problem = valueProblem(item, [...path, index], depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    const problem = keyProblem(key);
    if (problem) return { path: [...path, key], message: problem };
    const inner = valueProblem(item, [...path, key], depth + 1);
    if (inner) return inner;
  }
  return undefined;
}

function keyProblem(key: string): string | undefined {
  if (FORBIDDEN_KEYS.has(key)) return 'this key is not allowed';
  if (key.startsWith('$')) return 'keys must not begin with "$"';
  if (key.includes('.')) return 'keys must not contain "."';
  if (key.includes('\0') || !key.isWellFormed()) return 'keys must be well-formed Unicode without NUL characters';
  return undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Checked by hand, not by `z.record`, because that drops a `__proto__` key in silence where the contract
 * wants it refused.
 */
export const Metadata = z.custom<Metadata>(isPlainObject, { error: 'must be an object' }).check(
  z.check((context) => {
    const problem = metadataProblem(context.value);
    if (problem) {
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: problem.path,
        message: problem.message,
      });
    }
  }),
  z.meta({
    type: 'object',
    additionalProperties: true,
    description:
      'Free context: at most 64 KiB of JSON, 8 levels deep. Keys must not begin with "$", contain "." or be __proto__, constructor or prototype.',
  }),
);

/** In replies metadata is what was stored: it was checked when it came in. */
export const StoredMetadata = z
  .custom<Metadata>(isPlainObject, { error: 'must be an object' })
  .check(z.meta({ type: 'object', additionalProperties: true, description: 'Free context.' }));
