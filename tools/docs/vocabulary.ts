import { type Document, isCode, isCodespan, problemIn } from './documents.ts';

/** The names that exist. What is documented and not among them is a promise nobody keeps. */
export interface Vocabulary {
  /** Variables, error codes and constants: whatever is written LIKE_THIS in the sources. */
  readonly capitals: ReadonlySet<string>;
  /** Settings, commands, views and contexts of the extension: `claudeProjects.…`. */
  readonly contributions: ReadonlySet<string> | undefined;
  /** Methods and paths, as in `GET /api/sessions/:sessionId`. */
  readonly endpoints: readonly string[];
  /** What `pnpm …` can run, by package; the workspace's own under ''. */
  readonly scripts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** They tell of what is no more, or was never taken. */
export const HISTORIES: readonly string[] = ['CHANGELOG.md', 'docs/decisions.md', 'docs/benchmarks.md'];

export function unknownNames(document: Document, vocabulary: Vocabulary): string[] {
  if (HISTORIES.includes(document.path)) return [];
  return document.parts.flatMap((part) => {
    if (!isCode(part) && !isCodespan(part)) return [];
    // In a program `claudeProjects` is a variable.
    const known = isCode(part) && part.lang === 'ts' ? { ...vocabulary, contributions: undefined } : vocabulary;
    return problemsOf(part.text, known).map((problem) => problemIn(document, part.raw, problem));
  });
}

function problemsOf(text: string, vocabulary: Vocabulary): string[] {
  const problems: string[] = [];
  for (const [name] of text.matchAll(/(?<![$\w])[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b/g)) {
    if (!vocabulary.capitals.has(name)) problems.push(`names ${name}, which occurs nowhere in the sources`);
  }
  for (const [name] of text.matchAll(/\bclaudeProjects(?:\.[A-Za-z]+)+/g)) {
    if (vocabulary.contributions?.has(name) === false)
      problems.push(`names ${name}, which the extension does not have`);
  }
  for (const endpoint of endpointsIn(text)) {
    if (!vocabulary.endpoints.some((known) => matches(endpoint, known))) {
      problems.push(`names ${endpoint}, which the API does not have`);
    }
  }
  for (const [, filter = '', script = ''] of text.matchAll(
    /\bpnpm(?:@[\d.]+)? (?:--filter (\S+) )?(?:run )?([a-z][\w:-]*)/g,
  )) {
    const scripts = vocabulary.scripts.get(filter);
    if (scripts === undefined) problems.push(`names the package ${filter}, which does not exist`);
    else if (!scripts.has(script)) problems.push(`says "pnpm ${script}", and there is no such script`);
  }
  return problems;
}

/** `GET /api/sessions?limit=5`, and what curl is told: `-X POST "$URL/api/sessions"`. */
export function endpointsIn(text: string): string[] {
  const spoken = [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/[\w/:.{}<>$-]*)/g)].map(
    ([, method = '', path = '']) => `${method} ${path}`,
  );
  const typed = [...text.matchAll(/\bcurl\b(?:\\\n|[^\n;|&])*/g)].flatMap(([command]) => {
    const path = /\$\{?URL\}?(\/[\w/:.{}<>$-]*)/.exec(command)?.[1];
    return path === undefined ? [] : [`${methodOf(command)} ${path}`];
  });
  return [...spoken, ...typed];
}

export function matches(endpoint: string, known: string): boolean {
  const [method, path = ''] = endpoint.split(' ');
  const [knownMethod, knownPath = ''] = known.split(' ');
  if (method !== knownMethod && !(method === 'PUT' && knownMethod === 'PATCH')) return false;
  const parts = path.replace(/\/$/, '').split('/');
  const knownParts = knownPath.split('/');
  if (parts.length !== knownParts.length) return false;
  return knownParts.every((part, index) => (part.startsWith(':') ? parts[index] !== '' : part === parts[index]));
}

function methodOf(command: string): string {
  const said = /(?:-X|--request) ?(\w+)/.exec(command)?.[1];
  if (said !== undefined) return said;
  if (/ -I\b/.test(command)) return 'HEAD';
  return /(?: -d\b| --data| --json)/.test(command) ? 'POST' : 'GET';
}
