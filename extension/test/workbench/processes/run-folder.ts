// A run's own folder under the system's temporary one. It also tells which processes belong to the run: an extension
// may start servers that outlive the editor, and those carry the folder's path in what they were started with.
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

export interface RunFolder extends Disposable {
  readonly path: string;
}

export function createRunFolder(): RunFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'claude-projects-vscode-')));
  const remove = (): void => {
    // A process that is being killed may start another one meanwhile.
    while (endProcessesOf(path) > 0);
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const release = atExit(remove);
  return {
    path,
    [Symbol.dispose]() {
      release();
      remove();
    },
  };
}

/** Ends what still runs with the folder in its environment or arguments. Only Linux tells; elsewhere nothing is found. */
function endProcessesOf(folder: string): number {
  if (process.platform !== 'linux') return 0;
  let ended = 0;
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !mentions(pid, folder)) continue;
    try {
      process.kill(pid, 'SIGKILL');
      ended++;
    } catch {
      // It ended by itself.
    }
  }
  return ended;
}

function mentions(pid: number, folder: string): boolean {
  try {
    // Both are empty for a process that is dead and not yet buried.
    return ['environ', 'cmdline'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(folder));
  } catch {
    return false;
  }
}
