import { ROUTES, type Route } from '../../shared/src/contract/index.ts';
import type { Document } from './documents.ts';
import { runnablesOf } from './runnable.ts';
import { endpointsIn, matches } from './vocabulary.ts';

/** Where each kind of thing has its place: there all of it must be told, by what is generated. */
const PLACES = {
  'docs/CONFIGURATION.md': ['environment'],
  'docs/ERROR_HANDLING.md': ['errors'],
  'docs/CLAUDE_CODE.md': ['claude-code'],
  'docs/API.md': ['endpoints', ...Object.keys(ROUTES).map((name) => `endpoint ${name}`)],
  'extension/README.md': ['settings', 'commands'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What exists and is told nowhere. */
export function missingFrom(documents: readonly Document[]): string[] {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const parts = Object.entries(PLACES).flatMap(([path, names]) =>
    names
      .filter((name) => !byPath.get(path)?.text.includes(`<!-- generated: ${name} -->`))
      .map((name) => `${path}:1 lacks <!-- generated: ${name} -->`),
  );
  const reference = byPath.get('docs/API.md');
  return [...parts, ...(reference ? endpointsWithoutExample(reference) : [])];
}

/** A request that nobody shows is a request that nobody can copy. */
function endpointsWithoutExample(reference: Document): string[] {
  const shown = runnablesOf(reference).flatMap(({ command }) => endpointsIn(command));
  return Object.values<Route>(ROUTES)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((known) => !shown.some((endpoint) => matches(endpoint, known) && isOwn(endpoint, known)))
    .map((known) => `${reference.path}:1 shows no ${known} that can be run`);
}

/** `/api/sessions/health` also fits `/api/sessions/:sessionId`, and is not one of those. */
function isOwn(endpoint: string, known: string): boolean {
  const better = Object.values<Route>(ROUTES).some(
    ({ method, path }) => !path.includes(':') && `${method} ${path}` === endpoint,
  );
  return !better || endpoint === known;
}
