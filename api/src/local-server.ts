// The API as the child process that all windows of an editor share; see local-server/settings.ts for what it is told.
import { ConfigurationError } from './config/configuration.ts';
import { EXIT } from './local-server/exit-codes.ts';
import { serveLocal } from './local-server/serve-local.ts';
import { prepareServerFolder } from './local-server/server-folder.ts';
import { takeServerLock } from './local-server/server-lock.ts';
import { readLocalServerSettings } from './local-server/settings.ts';
import { redactor } from './logging/redaction.ts';
import { StorageStartError, StorageUnavailableError } from './storage/storage-errors.ts';

// Whoever started it may be gone, and the other end of the pipe with him.
process.stderr.on('error', () => undefined);

try {
  const settings = readLocalServerSettings(process.env);
  prepareServerFolder(settings.folder);
  const lock = takeServerLock(settings.folder);
  if (lock) {
    // Also what keeps the lock: nothing else refers to it, and what nobody refers to is closed.
    process.once('exit', () => lock.release());
    await serveLocal(settings);
  } else {
    process.exitCode = EXIT.anotherServes;
  }
} catch (error) {
  const needsPerson = error instanceof ConfigurationError || error instanceof StorageStartError;
  // Windows' pipes are written in the background: what is to be read must be out first.
  process.stderr.write(`${redactor([])(textOf(error))}\n`, () =>
    process.exit(needsPerson ? EXIT.unusable : EXIT.fault),
  );
}

/** The faults that somebody can mend are told in one sentence; for the others the stack is what helps. */
function textOf(error: unknown): string {
  if (
    error instanceof ConfigurationError ||
    error instanceof StorageStartError ||
    error instanceof StorageUnavailableError
  ) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
