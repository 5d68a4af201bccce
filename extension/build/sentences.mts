import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CALL = /\b(?:localize|t)\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g;

/** The sentences for people in the code of a folder: what `localize` or the editor's `l10n.t` is called with. */
export function sentencesIn(folder: string): readonly string[] {
  const sentences = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    for (const [, single, double] of readFileSync(join(folder, file), 'utf8').matchAll(CALL)) {
      sentences.add((single ?? double ?? '').replace(/\\(.)/g, '$1'));
    }
  }
  return [...sentences].toSorted();
}
