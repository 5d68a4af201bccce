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

/** Where nobody looks, such as in a script or in continuous integration, no editor opens unless somebody asked for it. */
export function readOptions(args: readonly string[], { terminal, env }: Surroundings): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { 'api-only': { type: 'boolean' }, demo: { type: 'boolean' }, editor: { type: 'string' } },
  });
  const { demo = false, editor } = values;
  if (editor !== undefined && !isEditor(editor)) throw new RangeError(`--editor is one of: ${EDITORS.join(', ')}`);
  if (values['api-only']) return { editor: 'none', demo: false };
  if (editor !== undefined) return { editor, demo };
  const seen = terminal && !isSet(env['CI']);
  return { editor: demo || seen ? 'auto' : 'none', demo };
}

function isEditor(name: string): name is 'browser' | 'desktop' {
  return EDITORS.includes(name);
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== '0' && variable !== 'false';
}
