import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const LIMIT_MS = 20_000;
const packageFolder = join(import.meta.dirname, '../../..');

/** Runs `use-and-close` over an engine; fails unless that process ends without being told to. */
export async function assertEndsByItself(engine: 'sqlite' | 'mongodb', statuses: RegExp): Promise<void> {
  const script = join(import.meta.dirname, 'use-and-close.ts');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', '../tools/typescript-loader.ts', '--unhandled-rejections=strict', script, engine],
    { cwd: packageFolder, timeout: LIMIT_MS, env: { ...process.env, TEST_STORAGE: engine } },
  );
  assert.match(stdout, statuses, stderr);
  assert.match(stdout, /\nnothing left\n$/, stderr);
}
