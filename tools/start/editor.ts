import type { Family } from './family.ts';

/** What an editor needs to show the product. */
export interface EditorOptions {
  readonly family: Family;
  readonly dataDir: string;
  readonly apiUrl: string;
  /** For the extension: the key, and whether to play the demo. */
  readonly env: Readonly<Record<string, string>>;
}

/** The machine's environment without what an editor around us would tell the one that is started. */
export function editorEnvironment(env: EditorOptions['env']): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(inherited), ...env };
}
