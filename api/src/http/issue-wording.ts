/** What a schema found wrong, as far as its wording needs it. */
export interface Issue {
  readonly code?: string;
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly keys?: readonly string[];
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly format?: string;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID, version 4',
  datetime: 'a time as ISO 8601, such as 2026-01-31T09:30:00Z',
};

/** What a person is to do about it, to be read after the name of the field. */
export function wordingOf(issue: Issue, missing: boolean): string {
  if (missing && issue.code !== 'custom') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return said('must be', KINDS[issue.expected ?? '']) ?? issue.message;
    case 'invalid_value':
      return said('must be one of:', issue.values?.map(String).join(', ')) ?? issue.message;
    case 'invalid_format':
      return said('must be', FORMATS[issue.format ?? '']) ?? issue.message;
    case 'too_small':
      return said('must', amount('at least', issue.minimum, issue.origin)) ?? issue.message;
    case 'too_big':
      return said('must', amount('at most', issue.maximum, issue.origin)) ?? issue.message;
    case undefined:
    default:
      return issue.message;
  }
}

function said(beginning: string, end: string | undefined): string | undefined {
  return end === undefined ? undefined : `${beginning} ${end}`;
}

function amount(bound: string, limit: number | bigint | undefined, origin: string | undefined): string | undefined {
  if (limit === undefined) return undefined;
  if (origin === 'string') return `have ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `be ${bound} ${limit}`;
}
