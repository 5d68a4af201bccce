import { spawn } from 'node:child_process';

/** The programs that a deployment runs. Both reject with a CommandError where the program fails. */
export interface Commands {
  /** Shows what the program says as it says it. */
  run(command: readonly string[], folder: string): Promise<void>;
  /** Keeps what the program says to itself: it may be secret. */
  read(command: readonly string[], folder: string): Promise<string>;
}

export class CommandError extends Error {
  constructor(command: readonly string[], reason: string) {
    super(`\`${command.join(' ')}\` failed: ${reason}`);
    this.name = 'CommandError';
  }
}

export const PNPM = ['npx', '-y', 'pnpm@12.21.0'] as const;

export const commands: Commands = {
  run: async (command, folder) => {
    await execute(command, folder, 'inherit');
  },
  read: (command, folder) => execute(command, folder, 'pipe'),
};

function execute(command: readonly string[], folder: string, output: 'inherit' | 'pipe'): Promise<string> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    let said = '';
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['inherit', output, 'inherit'],
      shell: process.platform === 'win32',
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    // Ctrl-C reaches the child as well. It may have something to finish first, and whoever called it something to clear up
    // after that: what a child of a child is doing cannot be told, so that it is waited for in any case.
    let told: NodeJS.Signals | undefined;
    const leaveToChild = (signal: NodeJS.Signals) => {
      told ??= signal;
    };
    process.on('SIGINT', leaveToChild).on('SIGTERM', leaveToChild);
    child.on('error', (error) => reject(new CommandError(command, error.message)));
    child.on('close', (code, signal) => {
      process.off('SIGINT', leaveToChild).off('SIGTERM', leaveToChild);
      if (told !== undefined) reject(new CommandError(command, `interrupted by ${told}`));
      else if (code === 0) resolve(said);
      else reject(new CommandError(command, signal ? `ended by ${signal}` : `it ended with code ${code}`));
    });
  });
}
