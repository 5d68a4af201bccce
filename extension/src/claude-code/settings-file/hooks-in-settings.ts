import { isDeepStrictEqual } from 'node:util';
import { type Node, type ParseError, parse, parseTree } from 'jsonc-parser';
import { HOOK_EVENTS, HOOK_TIMEOUT_SECONDS, type HookEvent, isOurs } from '../hook-command.ts';
import { JsonText, LENIENT } from './json-text.ts';

/** Why a settings file is not touched. */
export type Unfit =
  /** It is no JSON, with or without comments. */
  | { readonly kind: 'invalid'; readonly line: number }
  /** It is, and has something else where hooks belong. */
  | { readonly kind: 'unexpected'; readonly where: string };

export type Edited = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: Unfit };

interface Place {
  readonly entry: number;
  readonly hook: number;
}

const BOM = '\uFEFF';
const REPLACEMENT = '\uFFFD';

/** The same text with our hooks, each once; all else, comments too, as it was. */
export function withHooks(text: string, commandFor: (event: HookEvent) => string): Edited {
  const entryFor = (event: HookEvent) => ({
    hooks: [{ type: 'command', command: commandFor(event), timeout: HOOK_TIMEOUT_SECONDS }],
  });
  return edited(text, (json) => {
    if (!json.find(['hooks'])) {
      json.insert([], Object.fromEntries(HOOK_EVENTS.map((event) => [event, [entryFor(event)]])), 'hooks');
      return;
    }
    // What is inserted last stands first.
    for (const event of HOOK_EVENTS.toReversed()) {
      const [first, ...others] = ourHooks(json, event);
      for (const other of others.toReversed()) removeHook(json, event, other);
      if (first) json.replace(['hooks', event, first.entry, 'hooks', first.hook, 'command'], commandFor(event));
      else if (json.find(['hooks', event])) json.insert(['hooks', event], entryFor(event));
      else json.insert(['hooks'], [entryFor(event)], event);
    }
  });
}

/** The same text without our hooks, of whichever version, and without what held nothing else. */
export function withoutHooks(text: string): Edited {
  return edited(text, (json) => {
    let removed = false;
    for (const event of childNames(json.find(['hooks']))) {
      const ours = ourHooks(json, event);
      for (const hook of ours.toReversed()) removeHook(json, event, hook);
      if (ours.length === 0) continue;
      removed = true;
      if (json.isEmpty(['hooks', event])) json.remove(['hooks', event]);
    }
    if (removed && json.isEmpty(['hooks'])) json.remove(['hooks']);
  });
}

export function hasHooks(text: string): boolean {
  return commandsIn(text).length > 0;
}

/** Of our hooks, of whichever version. */
export function commandsIn(text: string): readonly string[] {
  const json = new JsonText(text.replace(BOM, ''));
  return childNames(json.find(['hooks'])).flatMap((event) =>
    ourHooks(json, event)
      .map(({ entry, hook }) => json.valueAt(['hooks', event, entry, 'hooks', hook, 'command']))
      .filter((command) => typeof command === 'string'),
  );
}

function edited(given: string, change: (json: JsonText) => void): Edited {
  const bom = given.startsWith(BOM) ? BOM : '';
  const text = given.slice(bom.length);
  const before = text.trim() === '' ? '{}\n' : text;
  const why = unfit(before);
  if (why) return { ok: false, why };
  const json = new JsonText(before);
  change(json);
  // Nothing of somebody's settings is written that was not checked.
  if (unfit(json.text) || !isDeepStrictEqual(foreignPart(json.text), foreignPart(before))) {
    return { ok: false, why: { kind: 'unexpected', where: 'hooks' } };
  }
  return { ok: true, text: json.text === before ? given : bom + json.text };
}

function unfit(text: string): Unfit | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, LENIENT);
  // What stands for bytes that are no UTF-8: written back, they would be lost.
  const foreign = text.indexOf(REPLACEMENT);
  const at = foreign < 0 ? errors[0]?.offset : foreign;
  if (at !== undefined || !root) return { kind: 'invalid', line: text.slice(0, at ?? 0).split(/\r\n|\r|\n/).length };
  if (root.type !== 'object') return { kind: 'unexpected', where: '' };
  const json = new JsonText(text);
  const hooks = json.find(['hooks']);
  // Of two with one name the library sees the first, and Claude Code the last.
  if (hasTwins(root) || (hooks && (hooks.type !== 'object' || hasTwins(hooks)))) {
    return { kind: 'unexpected', where: 'hooks' };
  }
  const event = childNames(hooks).find((event) => json.find(['hooks', event])?.type !== 'array');
  return event === undefined ? undefined : { kind: 'unexpected', where: `hooks.${event}` };
}

function removeHook(json: JsonText, event: string, { entry, hook }: Place): void {
  const siblings = json.find(['hooks', event, entry, 'hooks'])?.children?.length ?? 0;
  json.remove(siblings > 1 ? ['hooks', event, entry, 'hooks', hook] : ['hooks', event, entry]);
}

function ourHooks(json: JsonText, event: string): readonly Place[] {
  const entries = json.find(['hooks', event])?.children ?? [];
  return entries.flatMap((_, entry) => {
    const hooks = json.find(['hooks', event, entry, 'hooks']);
    if (hooks?.type !== 'array') return [];
    return (hooks.children ?? []).flatMap((_, hook) =>
      isOurs(json.valueAt(['hooks', event, entry, 'hooks', hook, 'command'])) ? [{ entry, hook }] : [],
    );
  });
}

function childNames(node: Node | undefined): readonly string[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children }) => {
    const name: unknown = children?.[0]?.value;
    return typeof name === 'string' ? [name] : [];
  });
}

function hasTwins(node: Node): boolean {
  const names = childNames(node);
  return new Set(names).size < names.length;
}

/** Everything but our hooks, and what would hold nothing without them. */
function foreignPart(text: string): unknown {
  const value: unknown = parse(text, [], LENIENT);
  if (typeof value !== 'object' || value === null || !('hooks' in value)) return value;
  const { hooks, ...rest } = value;
  if (typeof hooks !== 'object' || hooks === null) return value;
  const foreign = Object.entries(hooks).flatMap(([event, entries]) => {
    const left = Array.isArray(entries) ? entries.flatMap(foreignEntry) : [];
    return left.length === 0 ? [] : [[event, left] as const];
  });
  return foreign.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(foreign) };
}

function foreignEntry(entry: unknown): readonly unknown[] {
  if (typeof entry !== 'object' || entry === null || !('hooks' in entry) || !Array.isArray(entry.hooks)) return [entry];
  const all: readonly unknown[] = entry.hooks;
  const left = all.filter((hook) => {
    return !(typeof hook === 'object' && hook !== null && 'command' in hook && isOurs(hook.command));
  });
  return left.length === 0 && all.length > 0 ? [] : [{ ...entry, hooks: left }];
}
