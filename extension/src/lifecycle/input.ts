import * as z from 'zod/mini';
import type { FieldProblem, Problem, Result } from '../../api.d.ts';
import { errorText } from '../platform/error-text.ts';

/** Checks what another extension passed. Never throws, whatever it is: a proxy, a getter that throws, a cycle. */
export function checked<T>(
  schema: z.ZodMiniType<T>,
  input: () => unknown,
  names: Readonly<Record<string, string>> = {},
): Result<T> {
  try {
    const parsed = schema.safeParse(input());
    if (parsed.success) return { ok: true, value: parsed.data };
    return refused(parsed.error.issues.map((issue) => fieldProblem(issue, names)));
  } catch (error) {
    return refused([{ field: '', message: `cannot be read: ${errorText(error)}` }]);
  }
}

export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(problem: Problem): Result<never> {
  return { ok: false, problem };
}

function refused(details: readonly FieldProblem[]): Result<never> {
  const message = details.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  return failed({ code: 'invalid', message, details });
}

function fieldProblem(issue: z.core.$ZodIssue, names: Readonly<Record<string, string>>): FieldProblem {
  const [first, ...rest] = issue.path.map(String);
  const field = first === undefined ? '' : [names[first] ?? first, ...rest].join('.');
  return { field, message: issue.message };
}
