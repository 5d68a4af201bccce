import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findBrowser } from '../test/workbench/install/chromium.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../test/workbench/launch.ts';

const WINDOWS = 5;
const PATIENCE_MS = 30_000;

export type Activation = { readonly ms: number } | { readonly unmeasured: string };

/** What `activate()` takes in a real editor, by its own clock, as the log says: the median of five windows. */
export async function measureActivation(): Promise<Activation> {
  const browser = findBrowser();
  if (!browser.found) return { unmeasured: browser.reason };
  const launched = await launchWorkbench();
  try {
    let times = await untilActivated(launched, 1);
    for (let windows = 2; windows <= WINDOWS; windows += 1) {
      await launched.reload();
      times = await untilActivated(launched, windows);
    }
    return { ms: times.toSorted((a, b) => a - b)[Math.floor(WINDOWS / 2)] ?? Number.NaN };
  } finally {
    await launched[Symbol.asyncDispose]();
  }
}

/** The times of all windows so far. */
async function untilActivated({ workspace }: LaunchedWorkbench, windows: number): Promise<readonly number[]> {
  const logs = join(workspace, '../user/logs');
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await setTimeout(100)) {
    const times = globSync('**/claude-projects.claude-projects/*.log', { cwd: logs }).flatMap((log) =>
      [...readFileSync(join(logs, log), 'utf8').matchAll(/activated in (\d+) ms/g)].map(([, ms]) => Number(ms)),
    );
    if (times.length >= windows) return times;
  }
  throw new Error(`Window ${windows} did not say within ${PATIENCE_MS / 1000} s how long its activation took.`);
}
