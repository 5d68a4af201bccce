import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { variableWord } from './shell-words.ts';
import type { OpenTerminal, ShellCommand, TerminalRequest, TerminalRun, Terminals } from './terminals.ts';

/** So long a new shell may take before the command is typed into it blindly. */
const INTEGRATION_MS = 5000;
const PROMPT_VARIABLE = 'CLAUDE_PROJECTS_PROMPT';

export class VscodeTerminals implements Terminals, Disposable {
  readonly #owned = new Disposables();
  readonly #started: Emitter<ShellCommand>;
  readonly #opened = new WeakSet<vscode.Terminal>();

  constructor(onFault: (error: unknown) => void) {
    this.#started = this.#owned.add(new Emitter(onFault));
    this.#owned.add(
      vscode.window.onDidStartTerminalShellExecution(({ terminal, execution }) => {
        if (this.#opened.has(terminal)) return;
        const { commandLine, cwd } = execution;
        const { ended } = this.#owned.add(new Run(terminal, execution));
        this.#started.fire({ commandLine: commandLine.value, cwd: cwd?.fsPath, ended });
      }),
    );
  }

  get onDidStartCommand(): Event<ShellCommand> {
    return this.#started.event;
  }

  get all(): readonly OpenTerminal[] {
    return vscode.window.terminals.map(openTerminal);
  }

  get shell(): string {
    return vscode.env.shell;
  }

  run({ name, cwd, env, words, prompt }: TerminalRequest): TerminalRun {
    const terminal = vscode.window.createTerminal({ name, cwd, env: { ...env, [PROMPT_VARIABLE]: prompt.text } });
    this.#opened.add(terminal);
    // From now on: a terminal whose shell cannot be started closes before anything is typed.
    const run = this.#owned.add(new Run(terminal));
    terminal.show();
    run.whenReady((integration) => {
      // The editor does not always tell which shell runs. In a wrong one the word is another text, and never a command.
      const shell = terminal.state.shell ?? this.shell;
      const lastWord = variableWord(shell, PROMPT_VARIABLE) ?? `"${prompt.short}"`;
      const line = [...words, lastWord].join(' ');
      if (integration) run.execution = integration.executeCommand(line);
      else terminal.sendText(line);
    });
    return run;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** A command in a terminal, until the command or the terminal ends. */
class Run implements TerminalRun, Disposable {
  readonly terminal: OpenTerminal;
  readonly ended: Promise<number | undefined>;
  execution: vscode.TerminalShellExecution | undefined;
  #isUnderWay = false;
  readonly #terminal: vscode.Terminal;
  readonly #listening = new Disposables();

  constructor(terminal: vscode.Terminal, execution?: vscode.TerminalShellExecution) {
    this.terminal = openTerminal(terminal);
    this.#terminal = terminal;
    this.execution = execution;
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.ended = promise;
    const end = (code: number | undefined) => {
      this.dispose();
      this.#isUnderWay = false;
      resolve(code);
    };
    this.#listening.add(
      vscode.window.onDidStartTerminalShellExecution((started) => {
        if (started.execution === this.execution) this.#isUnderWay = true;
      }),
    );
    this.#listening.add(
      vscode.window.onDidEndTerminalShellExecution((ended) => {
        if (ended.execution === this.execution) end(ended.exitCode);
      }),
    );
    this.#listening.add(
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === terminal) end(closed.exitStatus?.code);
      }),
    );
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Calls it once, when the shell can be given commands, or has had time enough. */
  whenReady(use: (integration: vscode.TerminalShellIntegration | undefined) => void): void {
    const waiting = this.#listening.add(new Disposables());
    const go = () => {
      waiting.dispose();
      use(this.#terminal.shellIntegration);
    };
    const timer = setTimeout(go, INTEGRATION_MS);
    waiting.add({ dispose: () => clearTimeout(timer) });
    waiting.add(
      vscode.window.onDidChangeTerminalShellIntegration((change) => {
        if (change.terminal === this.#terminal) go();
      }),
    );
    if (this.#terminal.shellIntegration) go();
  }

  dispose(): void {
    this.#listening.dispose();
  }
}

function openTerminal(terminal: vscode.Terminal): OpenTerminal {
  return {
    processId: terminal.processId,
    get isOpen() {
      return vscode.window.terminals.includes(terminal);
    },
    show: () => terminal.show(),
  };
}
