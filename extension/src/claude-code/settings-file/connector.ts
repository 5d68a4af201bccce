import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { KeptState } from '../../platform/kept-ids.ts';
import { HOOK_EVENTS, type HookEvent, hookCommand, launcherInCommands } from '../hook-command.ts';
import type { Edited, Unfit } from './hooks-in-settings.ts';
import type { Forbidden } from './managed-policy.ts';
import { type Origin, Origins, OriginsByPath } from './origins.ts';
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

/** A settings file with our hooks of an older version, and what came of changing it. */
export interface Outdated {
  readonly path: string;
  readonly result: Written | 'unfit';
}

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
  /** A file beside the launcher. */
  readonly origins: string;
  /** Whether any window did so before. */
  readonly isInstalled: () => Promise<boolean>;
  /** Puts the hook program in place: settings never name what is not there. */
  readonly prepare: () => Promise<void>;
  readonly onDidConnect: (connected: boolean) => void;
}

const editing = () => import('./edit-settings.ts');

const CONNECTED = 'claudeProjects.claudeCode.connected';
const Paths = z.array(z.string());

/** Where older versions kept what `Origins` keeps. */
const OLDER_ORIGINS = 'claudeProjects.claudeCode.emptySettings';

/** Of each settings file, which form of our hooks was written to it last. */
const FORMS = 'claudeProjects.claudeCode.hookForms';
const Forms = z.record(z.string(), z.string());

const hasNoSettings = (text: string) => ['', '{}'].includes(text.replaceAll(/\s/g, ''));

export class SettingsConnector implements ClaudeCodeConnector {
  readonly #parts: SettingsConnectorParts;
  readonly #origins: Origins;

  constructor(parts: SettingsConnectorParts) {
    this.#parts = parts;
    this.#origins = new Origins(parts.origins);
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
    const origin = hasNoSettings(edited.text) ? await this.#originOf(scope.path) : undefined;
    return { kind: 'change', scope, before, after: origin ? (origin.text ?? undefined) : edited.text };
  }

  async write({ scope: { path }, before, after }: Extract<Plan, { kind: 'change' }>): Promise<Written> {
    await this.#parts.prepare();
    const origin = await this.#originOf(path);
    const folder = (await missingFolder(path)) ?? null;
    const written =
      after === undefined
        ? await removeSettings(path, before ?? '', origin?.folder ?? undefined)
        : await writeSettings(path, before, after);
    if (written !== 'written') return written;
    if (hasNoSettings(before ?? '')) await this.#origins.keep(path, { text: before ?? null, folder });
    else if (origin && hasNoSettings(after ?? '')) await this.#forgetOrigin(path);
    await this.#keepForm(path);
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

  /**
   * Gives settings files of this window that an older version connected the hooks of this one. Each only once: what
   * somebody takes out of them afterwards stays out. Hooks of another editor are left to that editor.
   */
  async bringUpToDate(): Promise<readonly Outdated[]> {
    const known = new Set(this.remembered);
    const found: Outdated[] = [];
    for (const scope of this.scopes) {
      if (!known.has(scope.path) || this.#forms[scope.path] === this.#form) continue;
      const result = await this.#bringUpToDate(scope);
      if (result !== 'as-it-is') found.push({ path: scope.path, result });
    }
    return found;
  }

  async forbidden(): Promise<Forbidden | undefined> {
    const { findForbidden } = await editing();
    return findForbidden(
      this.#parts.managed,
      this.scopes.map(({ path }) => path),
    );
  }

  async #bringUpToDate(scope: SettingsScope): Promise<Outdated['result'] | 'as-it-is'> {
    const { launcher, platform } = this.#parts;
    const { commandsIn } = await editing();
    const ours = launcherInCommands(launcher, platform);
    const commands = commandsIn((await readSettings(scope.path)) ?? '');
    if (!commands.some((command) => command.includes(ours))) return 'as-it-is';
    const plan = await this.plan(scope, 'connect');
    if (plan.kind === 'change') return this.write(plan);
    if (plan.kind === 'as-it-is') await this.#keepForm(scope.path);
    return plan.kind;
  }

  get #forms(): z.infer<typeof Forms> {
    return Forms.safeParse(this.#parts.state.get(FORMS)).data ?? {};
  }

  /** Another one whenever an event or a command is. */
  get #form(): string {
    const commands = HOOK_EVENTS.map((event) => this.#commandFor(event));
    return createHash('sha256').update(commands.join('\n')).digest('hex').slice(0, 16);
  }

  async #keepForm(path: string): Promise<void> {
    await this.#parts.state.update(FORMS, { ...this.#forms, [path]: this.#form });
  }

  async #originOf(path: string): Promise<Origin | undefined> {
    return (await this.#origins.of(path)) ?? this.#olderOrigins[path];
  }

  async #forgetOrigin(path: string): Promise<void> {
    await this.#origins.forget(path);
    const { [path]: older, ...others } = this.#olderOrigins;
    if (older) await this.#parts.state.update(OLDER_ORIGINS, others);
  }

  get #olderOrigins(): z.infer<typeof OriginsByPath> {
    return OriginsByPath.safeParse(this.#parts.state.get(OLDER_ORIGINS)).data ?? {};
  }

  #commandFor(event: HookEvent): string {
    return hookCommand(this.#parts.launcher, this.#parts.platform, event);
  }

  async #edited(text: string, direction: Direction): Promise<Edited> {
    const { withHooks, withoutHooks } = await editing();
    return direction === 'connect' ? withHooks(text, (event) => this.#commandFor(event)) : withoutHooks(text);
  }
}
