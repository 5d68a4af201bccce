import type { Session } from '@claude-projects/shared/client';
import { conversationIn, livenessOf, resumeWords } from './claude-conversation.ts';
import type { ClaudeState } from './claude-state.ts';
import type { LookAtProcess } from './process-look.ts';
import { type ListProcesses, lineageOf } from './running-processes.ts';
import { commandInFolder } from './shell-words.ts';
import type { Spool } from './spool.ts';
import type { OpenTerminal, Terminals } from './terminals.ts';

export interface SessionTerminalsParts {
  readonly terminals: Pick<Terminals, 'all' | 'shell'>;
  readonly spool: Pick<Spool, 'state'>;
  readonly look: LookAtProcess;
  readonly processes: ListProcesses;
}

interface Remembered {
  readonly conversation: string;
  readonly state: ClaudeState;
}

/** Which terminal of this window runs a session of Claude Code. */
export class SessionTerminals {
  readonly #parts: SessionTerminalsParts;
  /** Those that were opened for a recovery: Claude Code may not have reported from them yet. */
  readonly #opened = new Map<string, OpenTerminal>();

  constructor(parts: SessionTerminalsParts) {
    this.#parts = parts;
  }

  remember(sessionId: string, terminal: OpenTerminal): void {
    this.#opened.set(sessionId, terminal);
  }

  /** By the processes that Claude Code descends from: one of them is the shell of the terminal. */
  async find(session: Session): Promise<OpenTerminal | undefined> {
    const opened = this.#opened.get(session.session_id);
    if (opened?.isOpen) return opened;
    const pid = await this.#livePid(session);
    const processes = pid === undefined ? undefined : await this.#parts.processes();
    if (pid === undefined || !processes) return undefined;
    const lineage = new Set(lineageOf(pid, processes));
    for (const terminal of this.#parts.terminals.all) {
      const shell = await terminal.processId;
      if (shell !== undefined && lineage.has(shell)) return terminal;
    }
    return undefined;
  }

  /** A command line that resumes the conversation; undefined where it is not on this machine. */
  async resumeCommand(session: Session): Promise<string | undefined> {
    const remembered = await this.#remembered(session);
    if (!remembered) return undefined;
    const { conversation, state } = remembered;
    const words = resumeWords(conversation, await livenessOf(state, this.#parts.look));
    return commandInFolder(this.#parts.terminals.shell, state.cwd, words);
  }

  async #livePid(session: Session): Promise<number | undefined> {
    const remembered = await this.#remembered(session);
    if (!remembered || (await livenessOf(remembered.state, this.#parts.look)) !== 'alive') return undefined;
    return remembered.state.process?.pid;
  }

  async #remembered(session: Session): Promise<Remembered | undefined> {
    const conversation = conversationIn(session);
    const state = conversation === undefined ? undefined : await this.#parts.spool.state(conversation);
    return conversation === undefined || state === undefined || state === 'newer' ? undefined : { conversation, state };
  }
}
