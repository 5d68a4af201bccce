// Holds the documentation against what exists. `pnpm docs:check` says what is wrong; `pnpm docs:write` brings what is
// generated, and the replies that are shown, up to date.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { missingFrom } from './docs/completeness.ts';
import { type Document, parseDocument, readDocuments } from './docs/documents.ts';
import { play } from './docs/examples.ts';
import { staleParts, withGenerated } from './docs/generated.ts';
import { vocabularyOf } from './docs/known-names.ts';
import { brokenLinks } from './docs/links.ts';
import { sourcesOf } from './docs/sources.ts';
import { unknownNames } from './docs/vocabulary.ts';

const workspace = resolve(import.meta.dirname, '..');
const sources = sourcesOf(workspace);

if (process.argv.includes('--write')) await write();
else await check();

async function check(): Promise<void> {
  const documents = readDocuments(workspace);
  const vocabulary = vocabularyOf(workspace);
  const played = await Promise.all(documents.map(async (document) => play(document, workspace)));
  const problems = [
    ...documents.flatMap((document) => staleParts(document, sources)),
    ...documents.flatMap((document) => unknownNames(document, vocabulary)),
    ...brokenLinks(documents, workspace),
    ...missingFrom(documents),
    ...played.flatMap((one) => one.problems),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const run = played.reduce((sum, { ran }) => sum + ran, 0);
  process.stdout.write(`${documents.length} documents, ${run} examples run, ${problems.length} problems.\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

async function write(): Promise<void> {
  for (const document of readDocuments(workspace)) {
    const generated = parseDocument(document.path, withGenerated(document, sources));
    const { text, failures } = await play(generated, workspace);
    for (const failure of failures) process.stderr.write(`${failure}\n`);
    if (text !== document.text) save(document, text);
  }
}

function save({ path }: Document, text: string): void {
  writeFileSync(join(workspace, path), text);
  process.stdout.write(`Wrote ${path}.\n`);
}
