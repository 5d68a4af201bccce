import type { Event } from '../platform/emitter.ts';

/** A command that somebody gave to the shell of a terminal. */
export interface ShellCommand {
  readonly commandLine: string;
  readonly cwd: string | undefined;
  /** With its exit code, where the shell told; never rejects. */
  readonly ended: Promise<number | undefined>;
}

export interface TerminalRequest {
  readonly name: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Words that need no quotes in any shell. */
  readonly words: readonly string[];
}

/** The terminals of the editor. */
export interface Terminals {
  /** Not for those that were opened here. */
  readonly onDidStartCommand: Event<ShellCommand>;
  /** Opens one, shows it and runs the command in it. Resolves as `ShellCommand.ended` does. */
  run(request: TerminalRequest): Promise<number | undefined>;
}
