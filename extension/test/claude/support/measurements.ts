import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { VERSIONS, type Version } from './claude-code.ts';
import type { Situation, Story } from './situation.ts';

/** What the table in the documents is made of. */
const FILE = join(import.meta.dirname, '../situations.json');

const Line = z.object({
  situation: z.string(),
  state: z.string(),
  signal: z.string(),
  within_ms: z.int(),
  took_ms: z.record(z.string(), z.int()),
});
type Line = z.output<typeof Line>;

/** How long each situation took to be shown, in each version. */
export class Measurements {
  readonly #lines: readonly Line[];
  /** Of situations that come about in one version alone. */
  readonly #only = new Map<string, Version>();

  constructor(stories: readonly Story[]) {
    // A situation that several stories come across is one line.
    const lines = new Map<string, Line>();
    for (const { only, situations } of stories) {
      for (const { situation, state, signal, withinMs } of situations) {
        lines.set(situation, { situation, state, signal, within_ms: withinMs, took_ms: {} });
        if (only !== undefined) this.#only.set(situation, only);
      }
    }
    this.#lines = [...lines.values()];
  }

  add({ situation }: Situation, version: Version, ms: number): void {
    const line = this.#lines.find((each) => each.situation === situation);
    assert.ok(line);
    // The slowest counts.
    line.took_ms[version] = Math.max(ms, line.took_ms[version] ?? 0);
  }

  /** Keeps it for the documents if it is asked for and all is well. Else it must say the same, but for how long everything took. */
  keepOrCompare(): void {
    if (process.env['WRITE_SITUATIONS'] === '1') {
      for (const { situation, within_ms, took_ms } of this.#lines) {
        const only = this.#only.get(situation);
        for (const version of only === undefined ? VERSIONS : [only]) {
          assert.ok((took_ms[version] ?? Infinity) <= within_ms, `${situation}: not within its limit in ${version}`);
        }
      }
      writeFileSync(FILE, `${JSON.stringify(this.#lines, undefined, 2)}\n`);
      return;
    }
    const kept = z.array(Line).parse(JSON.parse(readFileSync(FILE, 'utf8')));
    const untimed = (lines: readonly Line[]) => lines.map(({ took_ms: _took, ...line }) => line);
    assert.deepEqual(untimed(kept), untimed(this.#lines), 'WRITE_SITUATIONS=1 pnpm test:claude brings it up to date.');
  }

  report(): void {
    for (const { situation, state, within_ms, took_ms } of this.#lines) {
      const times = Object.entries(took_ms).map(([version, ms]) => `${version}: ${ms}`);
      process.stdout.write(`      ${[situation, state, `${within_ms} ms`, ...times].join(' | ')}\n`);
    }
  }
}
