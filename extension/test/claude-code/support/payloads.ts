import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type HookRecord, recordIn } from '../../../src/claude-code/hook-record.ts';

/** Versions of Claude Code of which each event was recorded as its hooks got it. */
export const VERSIONS = ['2.1.197', '2.1.332'] as const;

const Payloads = z.record(z.string(), z.record(z.string(), z.unknown()));

export function payloadsOf(version: (typeof VERSIONS)[number]) {
  const file = join(import.meta.dirname, '..', 'payloads', `${version}.json`);
  const payloads = Payloads.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    names: Object.keys(payloads),
    /** As the hook program put it down, at that time; some fields may differ. */
    record(
      name: string,
      at: number,
      fields: Readonly<Record<string, unknown>> = {},
      pid: number | '' = 4711,
    ): HookRecord {
      const payload = { ...payloads[name], ...fields };
      if (!payloads[name]) throw new Error(`${version} has no ${name}`);
      const record = recordIn(`${pid}\nhere\n\n${JSON.stringify(payload)}`, at);
      if (record === undefined || record === 'newer') throw new Error(`${name} is no record`);
      return record;
    },
  };
}
