import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const Setting = z.object({
  default: z.json(),
  markdownDescription: z.string(),
  order: z.number(),
  enum: z.optional(z.array(z.string())),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
});
export type Setting = z.output<typeof Setting>;

const Manifest = z.object({
  contributes: z.object({
    commands: z.array(z.object({ command: z.string(), title: z.string() })),
    configuration: z.object({ properties: z.record(z.string(), Setting) }),
    views: z.record(z.string(), z.array(z.object({ id: z.string() }))),
  }),
});

const Sentences = z.record(z.string(), z.string());

export interface ExtensionManifest {
  /** By id, in the order in which the settings show them. */
  readonly settings: readonly (readonly [id: string, setting: Setting])[];
  readonly commands: readonly { readonly command: string; readonly title: string }[];
  /** Everything of ours that begins with `claudeProjects.`. */
  readonly names: ReadonlySet<string>;
}

/** What the extension adds to the editor, with its sentences in place. */
export function manifestOf(workspace: string): ExtensionManifest {
  const raw = readFileSync(join(workspace, 'extension/package.json'), 'utf8');
  const sentences = Sentences.parse(JSON.parse(readFileSync(join(workspace, 'extension/package.nls.json'), 'utf8')));
  const { contributes } = Manifest.parse(JSON.parse(raw));
  const said = (key: string) => key.replace(/^%(.+)%$/, (_, name: string) => sentences[name] ?? key);
  return {
    settings: Object.entries(contributes.configuration.properties)
      .map(([id, setting]) => [id, { ...setting, markdownDescription: said(setting.markdownDescription) }] as const)
      .sort(([, one], [, other]) => one.order - other.order),
    commands: contributes.commands.map(({ command, title }) => ({ command, title: said(title) })),
    // Views, contexts and groups of settings are names too, wherever in the manifest they stand.
    names: new Set(raw.match(/\bclaudeProjects(?:\.[A-Za-z]+)*/g)),
  };
}
