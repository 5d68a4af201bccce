import { join } from 'node:path';
import * as z from 'zod/mini';
import type { KeptState } from '../../platform/kept-ids.ts';
import { hookCommand } from '../hook-command.ts';
import type { Edited, Unfit } from './hooks-in-settings.ts';
import type { Forbidden } from './managed-policy.ts';
import { missingFolder, readSettings, removeSettings, type Written, writeSettings } from './settings-file.ts';

export interface SettingsScope {
  readonly kind: 'workspace' | 'user';
  /** Of the folder; empty for the user's own. */
  readonly name: string;
  readonly path: string;
}

export type Plan =
  | {
      readonly kind: 'change';
      readonly scope: SettingsScope;
      readonly before: string | undefined;
      /** Undefined where the file is removed. */
      readonly after: string | undefined;
    }
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'unfit'; readonly why: Unfit };

export type Direction = 'connect' | 'disconnect';

/** What the commands need to connect Claude Code. */
export interface ClaudeCodeConnector {
  readonly scopes: readonly SettingsScope[];
  connected(): Promise<readonly SettingsScope[]>;
  plan(scope: SettingsScope, direction: Direction): Promise<Plan>;
  write(plan: Extract<Plan, { kind: 'change' }>): Promise<Written>;
  /** Makes it so in this window, and remembers it. */
  settle(scope: SettingsScope, direction: Direction): Promise<void>;
  forbidden(): Promise<Forbidden | undefined>;
}

export interface SettingsConnectorParts {
  readonly folders: () => readonly { readonly name: string; readonly path: string }[];
  /** Where Claude Code keeps what is the user's. */
  readonly claudeFolder: string;
  readonly managed: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly state: KeptState;
  readonly launcher: string;
  /** Whether any window did so before. */
  readonly isInstalled: () => Promise<boolean>;
  /** Puts the hook program in place: settings never name what is not there. */
  readonly prepare: () => Promise<void>;
  readonly onDidConnect: (connected: boolean) => void;
}

const editing = () => import('./edit-settings.ts');

const CONNECTED = 'claudeProjects.claudeCode.connected';
const Paths = z.array(z.string());

/**
 * What a settings file without any setting held before it was connected (null: there was no file), and the folder that
 * was made for it. Disconnecting brings that back; files with settings come back by themselves.
 */
const ORIGINS = 'claudeProjects.claudeCode.emptySettings';
const Origins = z.record(z.string(), z.object({ text: z.nullable(z.string()), folder: z.nullable(z.string()) }));
type Origins = z.infer<typeof Origins>;

const hasNoSettings = (text: string) => ['', '{}'].includes(text.replaceAll(/\s/g, ''));

export class SettingsConnector implements ClaudeCodeConnector {
  readonly #parts: SettingsConnectorParts;

  constructor(parts: SettingsConnectorParts) {
    this.#parts = parts;
  }

  /** The folder's own file is for this user alone: the hook lies at a path of this machine. */
  get scopes(): readonly SettingsScope[] {
    const { folders, claudeFolder } = this.#parts;
    return [
      ...folders().map(({ name, path }) => ({
        kind: 'workspace' as const,
        name,
        path: join(path, '.claude', 'settings.local.json'),
      })),
      { kind: 'user', name: '', path: join(claudeFolder, 'settings.json') },
    ];
  }

  /** By memory alone: a window where nothing is connected does not look at the disk. */
  get remembered(): readonly string[] {
    return Paths.safeParse(this.#parts.state.get(CONNECTED)).data ?? [];
  }

  get isConnectedHere(): boolean {
    const known = new Set(this.remembered);
    return this.scopes.some(({ path }) => known.has(path));
  }

  /** Of all sessions of the user, in every folder. */
  get isConnectedEverywhere(): boolean {
    const known = new Set(this.remembered);
    return this.scopes.some(({ kind, path }) => kind === 'user' && known.has(path));
  }

  async connected(): Promise<readonly SettingsScope[]> {
    const { hasHooks } = await editing();
    const found: SettingsScope[] = [];
    for (const scope of this.scopes) if (hasHooks((await readSettings(scope.path)) ?? '')) found.push(scope);
    return found;
  }

  async plan(scope: SettingsScope, direction: Direction): Promise<Plan> {
    const before = await readSettings(scope.path);
    const edited = await this.#edited(before ?? '', direction);
    if (!edited.ok) return { kind: 'unfit', why: edited.why };
    if (edited.text === (before ?? '')) return { kind: 'as-it-is' };
    const origin = hasNoSettings(edited.text) ? this.#origins[scope.path] : undefined;
    return { kind: 'change', scope, before, after: origin ? (origin.text ?? undefined) : edited.text };
  }

  async write({ scope: { path }, before, after }: Extract<Plan, { kind: 'change' }>): Promise<Written> {
    await this.#parts.prepare();
    const { [path]: origin, ...others } = this.#origins;
    const folder = (await missingFolder(path)) ?? null;
    const written =
      after === undefined
        ? await removeSettings(path, before ?? '', origin?.folder ?? undefined)
        : await writeSettings(path, before, after);
    if (written !== 'written') return written;
    const { state } = this.#parts;
    if (hasNoSettings(before ?? ''))
      await state.update(ORIGINS, { ...others, [path]: { text: before ?? null, folder } });
    else if (origin && hasNoSettings(after ?? '')) await state.update(ORIGINS, others);
    return written;
  }

  async settle({ path }: SettingsScope, direction: Direction): Promise<void> {
    const { state, prepare, onDidConnect } = this.#parts;
    if (direction === 'connect') await prepare();
    const others = this.remembered.filter((other) => other !== path);
    const connected = direction === 'connect' ? [...others, path] : others;
    await state.update(CONNECTED, connected);
    onDidConnect(connected.length > 0);
  }

  /** What another window connected for all sessions of the user: the memory of a window is read when it opens. */
  async followOthers(): Promise<void> {
    if (this.isConnectedEverywhere || !(await this.#parts.isInstalled())) return;
    const found = (await this.connected()).find(({ kind }) => kind === 'user');
    if (found) await this.settle(found, 'connect');
  }

  async forbidden(): Promise<Forbidden | undefined> {
    const { findForbidden } = await editing();
    return findForbidden(
      this.#parts.managed,
      this.scopes.map(({ path }) => path),
    );
  }

  get #origins(): Origins {
    return Origins.safeParse(this.#parts.state.get(ORIGINS)).data ?? {};
  }

  async #edited(text: string, direction: Direction): Promise<Edited> {
    const { withHooks, withoutHooks } = await editing();
    const { launcher, platform } = this.#parts;
    return direction === 'connect'
      ? withHooks(text, (event) => hookCommand(launcher, platform, event))
      : withoutHooks(text);
  }
}
