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
  /** The last word. */
  readonly prompt: {
    /** Any text: it never becomes part of the command line. */
    readonly text: string;
    /** For a shell that cannot take the text: plain words, which have no meaning in any shell. */
    readonly short: string;
  };
}

export interface OpenTerminal {
  /** Of its shell; undefined where there is none. */
  readonly processId: PromiseLike<number | undefined>;
  readonly isOpen: boolean;
  show(): void;
}

export interface TerminalRun {
  readonly terminal: OpenTerminal;
  /** Whether the shell has said that the command runs. Some shells never do. */
  readonly isUnderWay: boolean;
  /** With the exit code of the command, where the shell told; also when the terminal ends. Never rejects. */
  readonly ended: Promise<number | undefined>;
}

/** The terminals of the editor. */
export interface Terminals {
  /** Not for those that were opened here. */
  readonly onDidStartCommand: Event<ShellCommand>;
  /** Of this window. */
  readonly all: readonly OpenTerminal[];
  /** The path of the shell that new terminals have. */
  readonly shell: string;
  /** Opens one, shows it and runs the command in it. */
  run(request: TerminalRequest): TerminalRun;
}
