import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { HOOK_BUNDLE, HOOK_SCRIPT } from '../../../build/hook-bundle.mts';

/** A folder with the hook programs as they are shipped, built for these tests alone. */
export function builtHook(): () => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'claude-projects-hook-'));
    buildSync({ ...HOOK_BUNDLE, outfile: join(folder, 'hook.js') });
    copyFileSync(HOOK_SCRIPT, join(folder, 'hook.sh'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}
