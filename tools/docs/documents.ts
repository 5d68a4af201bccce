import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, type Token, type Tokens } from 'marked';

/** A Markdown file of the workspace, as its author wrote it and as a reader sees it. */
export interface Document {
  /** Its path in the workspace, with slashes. */
  readonly path: string;
  readonly text: string;
  /** All of its parts, those inside of others too. */
  readonly parts: readonly Token[];
}

export function readDocuments(workspace: string): Document[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md'],
    { cwd: workspace, encoding: 'utf8' },
  );
  return listed
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(workspace, path)))
    .map((path) => parseDocument(path, readFileSync(join(workspace, path), 'utf8')));
}

export function parseDocument(path: string, text: string): Document {
  const parts: Token[] = [];
  void marked.walkTokens(marked.lexer(text), (token) => {
    parts.push(token);
  });
  return { path, text, parts };
}

export function isCode(part: Token): part is Tokens.Code {
  return part.type === 'code';
}

export function isCodespan(part: Token): part is Tokens.Codespan {
  return part.type === 'codespan';
}

export function isHeading(part: Token): part is Tokens.Heading {
  return part.type === 'heading';
}

export function isLink(part: Token): part is Tokens.Link | Tokens.Image {
  return part.type === 'link' || part.type === 'image';
}

/** The first line on which a text stands, counted from one, for whoever must find it. */
function lineOf(document: Document, text: string): number {
  const at = document.text.indexOf(text);
  return at === -1 ? 1 : document.text.slice(0, at).split('\n').length;
}

/** What is wrong, and where: one line for a person, which editors make a link of. */
export function problemIn(document: Document, near: string, problem: string): string {
  return `${document.path}:${lineOf(document, near)} ${problem}`;
}
