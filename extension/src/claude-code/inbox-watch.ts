import { watch } from 'node:fs';
import { basename } from 'node:path';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';

/**
 * Calls `onNews` whenever a hook has put a file into the folder, or another window has taken one out. Where the system
 * cannot watch it, as on a network drive, what hooks report is seen a few seconds later.
 */
export function watchInbox(folder: string, onNews: () => void, log: Log): Disposable {
  const cannot = (error: unknown) =>
    log.warn(`Claude Code's hooks are seen only from time to time: ${basename(folder)} ${errorText(error)}`);
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      // A draft is no news until it has its name.
      if (name?.startsWith('.') !== true) onNews();
    });
    watcher.on('error', cannot);
    return { dispose: () => watcher.close() };
  } catch (error) {
    cannot(error);
    return { dispose: () => undefined };
  }
}
