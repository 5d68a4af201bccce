import { cpus, release, totalmem, type } from 'node:os';
import type { Goal, SuiteResult, Table } from './suites/suite.ts';

/** The machine and the date, without which a figure says nothing. */
export function circumstances(date: Date): string {
  const [core] = cpus();
  return [
    date.toISOString().slice(0, 10),
    `${cpus().length} × ${core?.model.trim() ?? 'unknown CPU'}`,
    `${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `SQLite ${process.versions['sqlite'] ?? 'of Node'}`,
  ].join(' · ');
}

export function markdown({ tables, goals }: SuiteResult): string {
  const parts = tables.map(tableMarkdown);
  if (goals.length > 0) parts.push(goalsMarkdown(goals));
  return parts.join('\n\n');
}

function tableMarkdown({ title, columns, rows, notes }: Table): string {
  return [`### ${title}`, '', ...grid(columns, rows), '', ...notes.map((note) => `- ${note}`)].join('\n');
}

function goalsMarkdown(goals: readonly Goal[]): string {
  const rows = goals.map(({ text, measured, reached }) => [text, measured, reached ? 'yes' : '**no**']);
  return ['### Must reach', '', ...grid(['', 'measured', 'reached'], rows)].join('\n');
}

/** Padded as the formatter would, so that the file stays as it was written. */
function grid(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(columns), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}
