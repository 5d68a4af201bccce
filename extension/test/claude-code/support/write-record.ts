import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookRecord } from '../../../src/claude-code/hook-record.ts';

let written = 0;

/** As if a hook had put it into the inbox at that time, and a window had sorted it since. */
export function writeRecord(root: string, record: HookRecord): void {
  const { at, event, session, process, continues = '', ...fields } = record;
  const folder = join(root, 'sessions', session);
  mkdirSync(folder, { recursive: true });
  written += 1;
  const name = `${String(Math.round(at * 1000)).padStart(17, '0')}-${written}`;
  const payload = JSON.stringify({ session_id: session, hook_event_name: event, ...fields });
  const draft = join(folder, `.${name}`);
  writeFileSync(draft, `${process.pid ?? ''}\n${process.host}\n${continues}\n${payload}`);
  renameSync(draft, join(folder, name));
}
