import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import * as z from 'zod/mini';
import { vsix } from '../../package/support/vsix.ts';
import { eventually } from '../../vscode/support/eventually.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../../workbench/launch.ts';
import { Workbench } from '../../workbench/pages/workbench.ts';
import { createRunFolder } from '../../workbench/processes/run-folder.ts';
import { claudeCode, claudeEnvironment, makeClaudeHome, type Version } from './claude-code.ts';
import { ClaudeSession, type SessionOptions } from './claude-session.ts';
import { makeRepository } from './git.ts';
import { Model } from './model.ts';
import { type Sight, Sights } from './sights.ts';

export const TITLE = 'Claude Projects';
/** High enough for every row. */
const VIEWPORT = { width: 1400, height: 2400 };
/** How the extension reaches it. */
const Server = z.object({ port: z.int(), key: z.string() });

const PATIENCE_MS = 15_000;

/** An editor that follows all sessions of one version of Claude Code, from settings in which nothing was set. */
export class Stage implements AsyncDisposable {
  readonly version: Version;
  readonly model: Model;
  readonly launched: LaunchedWorkbench;
  readonly workbench: Workbench;
  readonly sights: Sights;
  /** The folder that is open, and one that is open in no editor. */
  readonly shop: string;
  readonly elsewhere: string;
  readonly #home: string;
  readonly #owned: AsyncDisposableStack;

  private constructor(
    version: Version,
    model: Model,
    launched: LaunchedWorkbench,
    folders: { readonly home: string; readonly shop: string; readonly elsewhere: string },
    owned: AsyncDisposableStack,
  ) {
    this.version = version;
    this.model = model;
    this.launched = launched;
    this.workbench = new Workbench(launched.page);
    this.sights = new Sights(launched.page);
    this.#home = folders.home;
    this.shop = folders.shop;
    this.elsewhere = folders.elsewhere;
    this.#owned = owned;
  }

  static async open(version: Version): Promise<Stage> {
    const owned = new AsyncDisposableStack();
    try {
      return await Stage.#openOwned(version, owned);
    } catch (error) {
      await owned.disposeAsync();
      throw error;
    }
  }

  static async #openOwned(version: Version, owned: AsyncDisposableStack): Promise<Stage> {
    const { path } = owned.use(createRunFolder());
    const model = owned.use(await Model.start());
    const [home, shop, elsewhere] = [join(path, 'home'), join(path, 'shop'), join(path, 'elsewhere')];
    makeRepository(shop, 'shop');
    makeRepository(elsewhere, 'elsewhere');
    makeClaudeHome(claudeCode(version), home, [shop, elsewhere]);
    const launched = owned.use(
      await launchWorkbench({
        vsix,
        workspace: shop,
        env: claudeEnvironment(claudeCode(version), home, model.url),
        settings: { 'terminal.integrated.gpuAcceleration': 'off' },
        viewport: VIEWPORT,
      }),
    );
    const stage = new Stage(version, model, launched, { home, shop, elsewhere }, owned);
    await stage.#connect();
    return stage;
  }

  /** In the open folder unless told otherwise, and with dialogs, which this Claude Code asks for where it may. */
  start(options: Partial<SessionOptions>): ClaudeSession {
    const session = new ClaudeSession({
      claude: claudeCode(this.version),
      home: this.#home,
      folder: this.shop,
      modelUrl: this.model.url,
      ...options,
      args: ['--permission-mode', 'default', ...(options.args ?? [])],
    });
    return this.#owned.use(session);
  }

  /** For what comes before what is measured. */
  async untilSeen(sight: Sight): Promise<void> {
    const seen = await this.sights.firstSeen([sight], PATIENCE_MS);
    if (seen === undefined)
      throw new Error(`${String(sight.says)} was not seen. The rows:\n${(await this.rows()).join('\n')}`);
  }

  /** Their accessible names. */
  async rows(): Promise<readonly string[]> {
    return (await this.workbench.sessions.seen()).map(({ name }) => name);
  }

  /** To the API that the extension has started. */
  get api(): StateTrackingApiClient {
    const [file] = globSync(join(this.launched.folder, 'user/**/server.json'));
    assert.ok(file !== undefined, 'There is no local server.');
    const { port, key } = Server.parse(JSON.parse(readFileSync(file, 'utf8')));
    return new StateTrackingApiClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: key });
  }

  get home(): string {
    return this.#home;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }

  async #connect(): Promise<void> {
    const { activityBar, sessions, palette, quickInput, comparison } = this.workbench;
    await activityBar.open(TITLE);
    await sessions.welcome.getByText('There are no sessions yet').waitFor();
    await palette.run(`${TITLE}: Connect Claude Code`, quickInput.row('All my sessions'));
    await quickInput.choose('All my sessions');
    await comparison.editor.waitFor();
    await comparison.button('Connect').click();
    await comparison.editor.waitFor({ state: 'detached' });
    const settings = join(this.#home, '.claude/settings.json');
    await eventually('the settings name our hooks', () => existsSync(settings) || undefined);
  }
}
