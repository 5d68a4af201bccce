import * as z from 'zod/mini';
import type { ErrorDetail } from '../contract/errors.ts';

/** Stands for a value of a newer server that this client does not know. */
export const UNKNOWN = 'unknown';
export type Unknown = typeof UNKNOWN;

/**
 * What a client receives for the contract's schema S: each enum may also be `unknown`. A literal keeps its value, because it
 * identifies the record. Loose objects are free content.
 */
export type Received<S> =
  S extends z.ZodMiniEnum<infer Values>
    ? Values[keyof Values] | Unknown
    : S extends z.ZodMiniArray<infer Item>
      ? Received<Item>[]
      : S extends z.ZodMiniNullable<infer Inner>
        ? Received<Inner> | null
        : S extends z.ZodMiniObject<infer Shape>
          ? string extends keyof z.output<S>
            ? z.output<S>
            : { -readonly [Key in keyof Shape]: Received<Shape[Key]> }
          : z.output<S>;

export type Reading<T> =
  | { readonly data: T; readonly unreadable: readonly ErrorDetail[] }
  | { readonly problems: readonly ErrorDetail[] };

/**
 * Reads what a newer server may have sent. Unknown fields are ignored, unknown enum values become `unknown`, and
 * records in a list that do not fit are left out, of `json` too: `unreadable` names the first fault of each.
 */
export function readTolerantly<S extends z.ZodMiniType>(schema: S, json: unknown): Reading<Received<S>> {
  const tolerant = tolerantOf(schema);
  const whole = tolerant.safeParse(json);
  if (whole.success) return { data: whole.data, unreadable: [] };
  const { issues } = whole.error;
  const unreadable = leaveOut(json, issues);
  const rest = tolerant.safeParse(json);
  return rest.success ? { data: rest.data, unreadable } : { problems: issues.map(problemOf) };
}

const derived = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

/** Derived from the contract's schema once, when it is first needed. */
function tolerantOf<S extends z.ZodMiniType>(schema: S): z.ZodMiniType<Received<S>>;
function tolerantOf(schema: z.core.$ZodType): z.core.$ZodType;
function tolerantOf(schema: z.core.$ZodType): z.core.$ZodType {
  const known = derived.get(schema);
  if (known) return known;
  const tolerant = derive(schema);
  derived.set(schema, tolerant);
  return tolerant;
}

function derive(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodMiniEnum) {
    const values = new Set<unknown>(schema.options);
    return z.string().check(z.overwrite((value) => (values.has(value) ? value : UNKNOWN)));
  }
  if (schema instanceof z.ZodMiniArray) return schema.clone({ ...schema.def, element: tolerantOf(schema.def.element) });
  if (schema instanceof z.ZodMiniNullable) {
    return schema.clone({ ...schema.def, innerType: tolerantOf(schema.def.innerType) });
  }
  if (schema instanceof z.ZodMiniObject && schema.def.catchall === undefined) {
    const fields = Object.entries(schema.shape).map(([name, field]): [string, z.core.$ZodType] => [
      name,
      tolerantOf(field),
    ]);
    return schema.clone({ ...schema.def, shape: Object.fromEntries(fields) });
  }
  return schema;
}

/** Removes the records with issues from their lists. */
function leaveOut(json: unknown, issues: readonly z.core.$ZodIssue[]): ErrorDetail[] {
  const found = new Map<object, unknown[]>();
  const problems: ErrorDetail[] = [];
  for (const issue of issues) {
    let value = json;
    // Numbers and texts in a list are not left out: the record that has the list would change its meaning.
    for (const step of issue.path.slice(0, -1)) {
      const list = value;
      if (!isObject(list)) break;
      value = Reflect.get(list, step);
      if (!Array.isArray(list) || !isObject(value)) continue;
      if (!found.has(value)) problems.push(problemOf(issue));
      found.set(value, list);
      break;
    }
  }
  for (const [record, list] of found) list.splice(list.indexOf(record), 1);
  return problems;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function problemOf({ path, message }: z.core.$ZodIssue): ErrorDetail {
  return { field: path.map(String).join('.'), message };
}
