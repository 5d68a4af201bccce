import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { ShellCommand, Terminals } from './terminals.ts';

export interface TerminalDetectionParts {
  readonly lifecycle: Pick<WindowLifecycle, 'start'>;
  readonly log: Log;
  readonly terminals: Pick<Terminals, 'onDidStartCommand'>;
  /** Its hooks tell more. */
  readonly isConnected: () => boolean;
}

/** These ask it something, or set something, and end. */
const NO_SESSION = new Set([
  'agents',
  'auth',
  'auto-mode',
  'config',
  'doctor',
  'help',
  'install',
  'mcp',
  'plugin',
  'plugins',
  'setup-token',
  'update',
  'upgrade',
  '--help',
  '-h',
  '--version',
  '-v',
]);
/** The user pressed Ctrl+C. */
const INTERRUPTED = 130;

/** Follows `claude` in a terminal by what the shell tells: that it began, that it ended, and how. */
export function detectInTerminals(parts: TerminalDetectionParts): Disposable {
  return parts.terminals.onDidStartCommand((command) => {
    if (parts.isConnected() || !startsClaude(command.commandLine)) return;
    follow(parts, command).catch((error: unknown) => {
      parts.log.warn(`Claude Code in a terminal could not be tracked: ${errorText(error)}`);
    });
  });
}

export function startsClaude(commandLine: string): boolean {
  const words = commandLine.trim().split(/\s+/);
  // What is set for it comes before it.
  const program = words.findIndex((word) => !/^\w+=/.test(word));
  const name = (words[program] ?? '').replaceAll(/["']/g, '').split(/[\\/]/).at(-1);
  if (name === undefined || !/^claude(?:\.exe|\.cmd|\.ps1)?$/i.test(name)) return false;
  return !NO_SESSION.has(words[program + 1] ?? '') && !words.some((word) => word === '--version' || word === '--help');
}

async function follow({ lifecycle, log }: TerminalDetectionParts, { cwd, ended }: ShellCommand): Promise<void> {
  const folder = cwd === undefined ? {} : { folder: cwd };
  const metadata = { source: 'claude-code-terminal', ...(cwd !== undefined && { cwd }) };
  const started = await lifecycle.start({ ...folder, metadata });
  if (!started.ok) {
    log.warn(`Claude Code in a terminal cannot be tracked: ${started.problem.message}`);
    return;
  }
  const code = await ended;
  if (code === undefined || code === 0 || code === INTERRUPTED) await started.value.complete();
  else await started.value.fail(`claude ended with code ${code}`);
}
