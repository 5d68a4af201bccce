import { ApiError } from '@claude-projects/shared/client';
import type { Connection } from '../connection/connection.ts';
import type { Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import { isCancellation } from './cancelled.ts';
import { explain } from './explain.ts';
import { Refusal } from './refusal.ts';

export interface RunCommandParts {
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly connection: Pick<Connection, 'address' | 'state'>;
  readonly localize: Localize;
  readonly log: Log;
}

/** The one way commands end: well, cancelled without a word, or failed with one message that says what to do next. */
export async function runCommand(parts: RunCommandParts, command: string, work: () => Promise<void>): Promise<void> {
  const { notifier, run, connection, localize, log } = parts;
  try {
    await work();
  } catch (error) {
    if (isCancellation(error)) {
      log.debug(`${command}: cancelled`);
      return;
    }
    writeDown(log, command, error);
    const { message, steps } = explain(error, connection, localize);
    notifier.notify({
      severity: 'error',
      message,
      actions: [...steps, { label: localize('Show Log'), command: 'claudeProjects.showLog', args: [] }].map(
        ({ label, command, args = [] }) => ({ label, run: () => run(command, ...args) }),
      ),
    });
  }
}

function writeDown(log: Log, command: string, error: unknown): void {
  if (error instanceof Refusal) {
    log.info(`${command}: ${error.message}`);
  } else if (error instanceof ApiError) {
    const request = error.requestId === undefined ? 'no request was answered' : `request ${error.requestId}`;
    log.error(`${command}: ${error.code}: ${error.message} (${request})`);
  } else {
    log.error(`${command}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
