import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { type Document, isHeading, isLink, problemIn } from './documents.ts';

/** Links to files and headings that are not there. Other sites are not asked: they change without us. */
export function brokenLinks(documents: readonly Document[], workspace: string): string[] {
  const anchors = new Map(documents.map((document) => [document.path, anchorsOf(document)]));
  return documents.flatMap((document) =>
    document.parts.filter(isLink).flatMap(({ href, raw }) => {
      const problem = problemOf(href, document, anchors, workspace);
      return problem === undefined ? [] : [problemIn(document, raw, problem)];
    }),
  );
}

function problemOf(
  href: string,
  document: Document,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
  workspace: string,
): string | undefined {
  if (/^(https:|mailto:)/.test(href)) return undefined;
  if (/^http:\/\/(127\.0\.0\.1|localhost)\b/.test(href)) return undefined;
  if (/^[a-z]+:/.test(href)) return `links to ${href}, which is not https`;
  const [file = '', anchor] = href.split('#');
  const path = file === '' ? document.path : posix.join(dirname(document.path), decodeURI(file));
  if (path.startsWith('..') || !existsSync(join(workspace, path))) return `links to ${href}, and there is no ${path}`;
  if (anchor === undefined) return undefined;
  if (statSync(join(workspace, path)).isDirectory()) return `links to ${href}, a heading of a folder`;
  return anchors.get(path)?.has(anchor) ? undefined : `links to ${href}, and ${path} has no heading "${anchor}"`;
}

function anchorsOf({ parts }: Document): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  return new Set(parts.filter(isHeading).map(({ text }) => slugger.slug(text.replaceAll(/[`*]/g, ''))));
}
