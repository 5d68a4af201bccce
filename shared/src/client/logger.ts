export type LogFields = Record<string, string | number | boolean | undefined>;

/** What the client tells about its work. Neither messages nor fields ever hold the API key. */
export interface ClientLogger {
  /** A call failed for good; the caller gets the error as well. */
  debug(message: string, fields: LogFields): void;
  /** A try failed and is repeated; or a reply has records that this client cannot read. */
  warn(message: string, fields: LogFields): void;
  /** Every call, when it is over: its method and path, with status and duration. */
  trace?(message: string, fields: LogFields): void;
}

export const SILENT_LOGGER: ClientLogger = { debug() {}, warn() {} };

/** A logger that throws must not change the fate of a call. */
export function tolerant(logger: ClientLogger): ClientLogger {
  return {
    debug: (message, fields) => quietly(() => logger.debug(message, fields)),
    warn: (message, fields) => quietly(() => logger.warn(message, fields)),
    trace: (message, fields) => quietly(() => logger.trace?.(message, fields)),
  };
}

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // There is nowhere left to report it.
  }
}
