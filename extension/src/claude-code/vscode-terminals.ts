import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import type { ShellCommand, TerminalRequest, Terminals } from './terminals.ts';

/** So long a new shell may take before the command is typed into it blindly. */
const INTEGRATION_MS = 5000;

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
        this.#started.fire({
          commandLine: commandLine.value,
          cwd: cwd?.fsPath,
          ended: this.#end(terminal, execution),
        });
      }),
    );
  }

  get onDidStartCommand(): Event<ShellCommand> {
    return this.#started.event;
  }

  async run({ name, cwd, env, words }: TerminalRequest): Promise<number | undefined> {
    const terminal = vscode.window.createTerminal({ name, cwd, env });
    this.#opened.add(terminal);
    terminal.show();
    const integration = await this.#integration(terminal);
    const line = words.join(' ');
    if (!integration) {
      terminal.sendText(line);
      return this.#end(terminal);
    }
    return this.#end(terminal, integration.executeCommand(line));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #integration(terminal: vscode.Terminal): Promise<vscode.TerminalShellIntegration | undefined> {
    return new Promise((resolve) => {
      const listening = new Disposables();
      this.#owned.add(listening);
      const end = () => {
        listening.dispose();
        resolve(terminal.shellIntegration);
      };
      const timer = setTimeout(end, INTEGRATION_MS);
      listening.add({ dispose: () => clearTimeout(timer) });
      listening.add(
        vscode.window.onDidChangeTerminalShellIntegration((change) => {
          if (change.terminal === terminal) end();
        }),
      );
      if (terminal.shellIntegration) end();
    });
  }

  /** When the command ends, or its terminal does. */
  #end(terminal: vscode.Terminal, execution?: vscode.TerminalShellExecution): Promise<number | undefined> {
    return new Promise((resolve) => {
      const listening = new Disposables();
      this.#owned.add(listening);
      const end = (code: number | undefined) => {
        listening.dispose();
        resolve(code);
      };
      listening.add(
        vscode.window.onDidEndTerminalShellExecution((ended) => {
          if (ended.execution === execution) end(ended.exitCode);
        }),
      );
      listening.add(
        vscode.window.onDidCloseTerminal((closed) => {
          if (closed === terminal) end(closed.exitStatus?.code);
        }),
      );
    });
  }
}
