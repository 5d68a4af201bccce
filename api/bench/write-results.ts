import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Replaces the part of the file between the suite's marks, or adds it: a run of one suite leaves the results of the
 * others, and what people wrote around them, as they were.
 */
export function writeResults(path: string, suite: string, text: string): void {
  const [begin, end] = [`<!-- ${suite}: written by pnpm bench -->`, `<!-- ${suite}: end -->`];
  const block = `${begin}\n\n${text}\n\n${end}`;
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '# Benchmarks\n';
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  const after =
    from === -1 || to === -1
      ? `${before.trimEnd()}\n\n${block}\n`
      : before.slice(0, from) + block + before.slice(to + end.length);
  writeFileSync(path, after);
}
