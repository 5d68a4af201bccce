import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '../logging/log.ts';

const LIMIT_MS = 9_000;

/**
 * Ends the process in order: no new requests, those in flight are answered, the storage is closed, exit 0.
 * A second signal, or a request that does not end in time, cuts it short.
 * Returns the same end for those who have another reason for it than a signal.
 */
export function closeOnSignal(app: NestFastifyApplication, log: Log): (reason: string) => void {
  let closing = false;
  const close = (reason: string) => {
    if (closing) process.exit(1);
    closing = true;
    log.info('Closing', { reason });
    setTimeout(() => {
      log.warn('Requests were still in flight when the time to close was up');
      process.exit(0);
    }, LIMIT_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('Could not close in order', {}, error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  return close;
}
