import type { Processes } from './processes.ts';

/** What runs JavaScript outside of the editor. */
export interface Runtime {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

export type RuntimeSearch =
  | { readonly kind: 'found'; readonly runtime: Runtime }
  | { readonly kind: 'missing'; readonly message: string };

export interface RuntimeSearchParts {
  /** The program that the editor runs extensions with. */
  readonly execPath: string;
  /** Whether that is Electron, which is only Node when it is told to be. */
  readonly isElectron: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly processes: Pick<Processes, 'ask'>;
}

const LIMIT_MS = 10_000;
const ANSWER = 'can run it';

/** SQLite without a flag, with functions of our own: Node has both since 22.13. Other builds of it may leave SQLite out. */
const QUESTION = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(':memory:');
  database.function('works', () => 1);
  database.close();
  process.stdout.write('${ANSWER}');
`;

/** The editor's own runtime, else the Node on the PATH. Each is asked, as versions do not tell what was built in. */
export async function findRuntime(parts: RuntimeSearchParts): Promise<RuntimeSearch> {
  const { execPath, isElectron } = parts;
  const candidates: readonly Runtime[] = [
    { command: execPath, env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {} },
    { command: 'node', env: {} },
  ];
  for (const runtime of candidates) {
    if (await canServe(runtime, parts)) return { kind: 'found', runtime };
  }
  return {
    kind: 'missing',
    message:
      'The local server needs Node.js 22.13 or newer, and neither this editor nor the PATH has one. ' +
      'Install Node.js from https://nodejs.org and restart the editor, or set an API key to use a remote API.',
  };
}

async function canServe(runtime: Runtime, { cwd, env, processes }: RuntimeSearchParts): Promise<boolean> {
  const request = { command: runtime.command, args: ['-e', QUESTION], cwd, env: { ...env, ...runtime.env } };
  return (await processes.ask(request, LIMIT_MS)) === ANSWER;
}
