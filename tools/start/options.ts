import { parseArgs } from 'node:util';

export type Editor = 'auto' | 'browser' | 'desktop' | 'none';

export interface StartOptions {
  readonly editor: Editor;
  /** Whether the demo plays as soon as the editor is open. */
  readonly demo: boolean;
}

export interface Surroundings {
  /** Whether a person sees what is printed. */
  readonly terminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const EDITORS: readonly string[] = ['browser', 'desktop'];

export const USAGE = `Usage: pnpm start [options]

Builds the product, starts the API and opens VS Code with the extension. Ctrl+C stops everything.

  --demo               plays the demo in the editor (pnpm demo does the same)
  --editor <editor>    desktop (VS Code through its command \`code\`) or browser (VS Code's server, from npm);
                       default: desktop where \`code\` is on the PATH, else browser
  --api-only           starts the API alone
  -h, --help           prints this text

Environment: PORT (3000), HOST (127.0.0.1), DATA_DIR (.data), API_KEYS, and what docs/CONFIGURATION.md lists.`;

/** Where nobody looks, such as in a script or in continuous integration, no editor opens unless somebody asked for it. */
export function readOptions(args: readonly string[], { terminal, env }: Surroundings): StartOptions | 'help' {
  const { demo = false, editor, help, 'api-only': apiOnly } = parse(args);
  if (help) return 'help';
  if (editor !== undefined && !isEditor(editor)) throw refusal(`--editor is one of: ${EDITORS.join(', ')}`);
  if (apiOnly) return { editor: 'none', demo: false };
  if (editor !== undefined) return { editor, demo };
  const seen = terminal && !isSet(env['CI']);
  return { editor: demo || seen ? 'auto' : 'none', demo };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'api-only': { type: 'boolean' },
        demo: { type: 'boolean' },
        editor: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

function refusal(reason: string): Error {
  return new Error(`${reason}\n\n${USAGE}`);
}

function isEditor(name: string): name is 'browser' | 'desktop' {
  return EDITORS.includes(name);
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== '0' && variable !== 'false';
}
