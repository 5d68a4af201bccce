import type { Log } from './log.ts';

/**
 * A fault that nobody caught leaves the process in a state that nobody thought of: it is logged, and the process
 * ends, so that whatever supervises it starts a sound one. Node reports rejections that nobody handled here too.
 */
export function endOnFault(log: Log): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    log.error('The process ends: nobody handled this', { origin }, error);
    process.exit(1);
  });
}
