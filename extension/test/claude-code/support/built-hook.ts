import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { HOOK_BUNDLE } from '../../../build/hook-bundle.mts';

/** The hook program as it is shipped, built for these tests alone. */
export function builtHook(): () => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'claude-projects-hook-'));
    buildSync({ ...HOOK_BUNDLE, outfile: join(folder, 'hook.js') });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => join(folder, 'hook.js');
}
