import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { table } from './generated.ts';

/** As the tests with the real Claude Code write it down. */
const Situation = z.object({
  situation: z.string(),
  state: z.string(),
  signal: z.string(),
  within_ms: z.int(),
  took_ms: z.record(z.string(), z.int()),
});

/** What is shown of Claude Code, and how long each of its versions took. */
export function situations(workspace: string): string {
  const text = readFileSync(join(workspace, 'extension/test/claude/situations.json'), 'utf8');
  const lines = z.array(Situation).parse(JSON.parse(text));
  const versions = [...new Set(lines.flatMap(({ took_ms }) => Object.keys(took_ms)))].toSorted();
  return table(
    ['when', 'what is shown', 'known from', 'within', ...versions],
    lines.map(({ situation, state, signal, within_ms, took_ms }) => [
      situation,
      state,
      signal,
      String(within_ms),
      ...versions.map((version) => String(took_ms[version] ?? '')),
    ]),
  );
}
