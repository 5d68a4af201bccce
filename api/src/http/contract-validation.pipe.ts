import type { ErrorDetail } from '@claude-projects/shared/contract';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { type DomainError, validationError } from '../common/domain-error.ts';
import { type Issue, wordingOf } from './issue-wording.ts';

/**
 * Checks a parameter against the schema given with it. Ours instead of Nest's because that strips `__proto__`
 * keys in silence, where the contract wants them refused by name.
 */
export class ContractValidationPipe implements PipeTransform {
  async transform(value: unknown, { schema, type }: ArgumentMetadata): Promise<unknown> {
    if (!schema) return value;
    if (type === 'query') refuseBlanks(value);
    const result = await schema['~standard'].validate(value);
    if (result.issues) throw refusalOfIssues(result.issues, value);
    return result.value;
  }
}

export function refusalOfIssues(issues: readonly Issue[], value: unknown): DomainError {
  return validationError(issues.flatMap((issue) => detailsOf(issue, value)));
}

/** A blank converts to the number 0, and `older_than_days=` must not mean "delete all that has ended". */
function refuseBlanks(query: unknown): void {
  const blank = Object.entries(query ?? {}).filter(([, text]) => typeof text === 'string' && text.trim() === '');
  if (blank.length > 0) throw validationError(blank.map(([field]) => ({ field, message: 'must not be blank' })));
}

function detailsOf(issue: Issue, value: unknown): ErrorDetail[] {
  const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a known field' }));
  }
  return [{ field: path.join('.'), message: wordingOf(issue, path.length > 0 && isMissing(value, path)) }];
}

function isMissing(value: unknown, path: readonly string[]): boolean {
  let part = value;
  for (const step of path) {
    if (typeof part !== 'object' || part === null) return false;
    part = Object.hasOwn(part, step) ? Reflect.get(part, step) : undefined;
  }
  return part === undefined;
}
