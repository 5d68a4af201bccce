import { slug } from 'github-slugger';
import { ROUTES, type Route, type RouteName } from '../../shared/src/contract/index.ts';
import { table } from './generated.ts';
import { requestOf } from './json-schema.ts';

const ACCESS = {
  key: 'needs a key',
  public: 'needs no key',
  docs: 'needs no key, unless `PUBLIC_DOCS` is `false` in production',
} as const satisfies Record<Route['access'], string>;

/** All of them in one table, each with a link to its section. */
export function endpoints(): string {
  return table(
    ['request', 'does'],
    Object.values<Route>(ROUTES).map((route) => [
      `[\`${route.method} ${route.path}\`](#${slug(route.summary)})`,
      route.summary,
    ]),
  );
}

/** What one takes and what it answers, said by the contract. */
export function endpoint(name: string): string {
  if (!isRouteName(name)) throw new Error(`There is no route ${name}.`);
  const route: Route = ROUTES[name];
  const parts = [`### ${route.summary}`, `**\`${route.method} ${route.path}\`** ${ACCESS[route.access]}.`];
  if (route.query) parts.push(...described('query', route.query));
  if (route.body) parts.push(...described(route.bodyOptional ? 'body (optional)' : 'body', route.body));
  parts.push(`Answers ${repliesOf(route)}. ${errorsOf(route)}`.trim());
  return parts.join('\n\n');
}

function repliesOf(route: Route): string {
  const statuses = Object.keys(route.replies).map((status) => MEANINGS_OF_SUCCESS[status] ?? status);
  return [...statuses, ...(route.conditional ? ['304 where `If-None-Match` names what is still true'] : [])].join(', ');
}

const MEANINGS_OF_SUCCESS: Readonly<Record<string, string>> = {
  200: '200',
  201: '201 when it is new',
  204: '204 without a body',
};

function errorsOf(route: Route): string {
  if (route.errors.length === 0) return '';
  return `Besides the [errors of all](ERROR_HANDLING.md#codes): ${route.errors.map((code) => `\`${code}\``).join(', ')}.`;
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(ROUTES, name);
}

function described(what: string, schema: NonNullable<Route['body']>): string[] {
  const { fields, description } = requestOf(schema);
  const rows = fields.map((field) => [
    `\`${field.name}\`${field.required ? ' (required)' : ''}`,
    field.kind,
    field.description,
  ]);
  return [table([what, 'is', 'meaning'], rows), ...(description === undefined ? [] : [description])];
}
