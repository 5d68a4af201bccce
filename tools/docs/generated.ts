import { type Document, problemIn } from './documents.ts';

/** What a document can have written for it, by the name that stands in its marker. */
export type Sources = Readonly<Record<string, (argument: string) => string>>;

const BLOCK = /<!-- generated: ([\w-]+)(?: ([\w-]+))? -->\n[\s\S]*?<!-- \/generated -->/g;

/** The document with all that is generated in it brought up to date. */
export function withGenerated({ text }: Pick<Document, 'text'>, sources: Sources): string {
  return text.replaceAll(BLOCK, (whole, name: string, argument: string | undefined) => {
    const source = sources[name];
    if (source === undefined) return whole;
    const marker = argument === undefined ? name : `${name} ${argument}`;
    return `<!-- generated: ${marker} -->\n\n${source(argument ?? '').trim()}\n\n<!-- /generated -->`;
  });
}

export function staleParts(document: Document, sources: Sources): string[] {
  const unknown = [...document.text.matchAll(BLOCK)]
    .filter(([, name = '']) => sources[name] === undefined)
    .map(([marker, name = '']) => problemIn(document, marker, `asks for "${name}", which nothing generates`));
  if (unknown.length > 0 || withGenerated(document, sources) === document.text) return unknown;
  return [problemIn(document, '<!-- generated', 'is not what its sources say. Run: pnpm docs:write')];
}

/** A table as GitHub draws it, its columns aligned for those who read the file itself. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)].join('\n');
}
