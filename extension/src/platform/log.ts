/** One line each, for people. Never holds a key: what is logged about a failed call comes from the client's errors. */
export interface Log {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
