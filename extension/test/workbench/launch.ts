// A workbench as a developer has it, in a headless browser, with our extension in its extension host.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConsoleMessage, chromium, type Page, type Browser as RunningBrowser } from 'playwright-core';
import { type Browser, findBrowser } from './install/chromium.ts';
import { CommandPalette } from './pages/command-palette.ts';
import { createRunFolder } from './processes/run-folder.ts';
import { startVsCodeServer, type VsCodeServer } from './vscode-server.ts';

export const extensionFolder = resolve(import.meta.dirname, '../..');
export const resultsFolder = join(extensionFolder, 'test-results');

/** `contrast`: what people get whose system asks for high contrast. */
export type Theme = 'light' | 'dark' | 'contrast';

const THEME_CLASSES = { light: '.vs', dark: '.vs-dark', contrast: '.hc-black' } as const;

/** The window follows the system, which the page plays: see `showTheme`. */
const THEMES = {
  'window.autoDetectColorScheme': true,
  'workbench.preferredDarkColorTheme': 'Default Dark Modern',
  'workbench.preferredLightColorTheme': 'Default Light Modern',
};

export interface LaunchOptions {
  readonly theme?: Theme;
  /** Settings of the machine; those that only a user may set do not work here. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A folder that is copied and opened; an empty one unless given. */
  readonly fixture?: string;
  /** A folder that is opened where it is. */
  readonly workspace?: string;
  /** For the extension host, beside the machine's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** A packaged extension to install, instead of the one under development. */
  readonly vsix?: string;
  /** Folders of other extensions to install beside ours. */
  readonly others?: readonly string[];
  /** A module whose `run` is called in the extension host. */
  readonly tests?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export class NoBrowserError extends Error {}

/** The workbenches that are open, for whoever must keep evidence of a failure. */
export const openWorkbenches = new Set<LaunchedWorkbench>();

export interface LaunchedWorkbench extends AsyncDisposable {
  readonly page: Page;
  /** All that the editor and its extensions write goes into it. */
  readonly folder: string;
  /** The copy of the fixture, open in the editor. */
  readonly workspace: string;
  readonly serverLog: () => string;
  /** What the page and the extension host wrote to the console. */
  readonly consoleLog: () => string;
  /** Settles when the `tests` have: 0 if all went well. */
  readonly untilTestsEnd: () => Promise<number>;
  /** Settles with the reason when the extension host, the page or the browser went away by itself. */
  readonly untilBroken: () => Promise<string>;
  /** Another window of the same editor, with another folder. */
  readonly openWindow: (folder: string) => Promise<Page>;
  /** Reloads the window: the extension host ends in an orderly way and a new one starts. */
  readonly reload: () => Promise<void>;
  /** Closes the window, does the work when its extension host has ended, and opens the window again. */
  readonly whileClosed: (work: () => Promise<void>) => Promise<void>;
  /** Kills the extension host, so that nothing in it can say goodbye, and opens the window again with a new one. */
  readonly restartHost: () => Promise<void>;
  /** As if the whole system went over to the other theme. */
  readonly showTheme: (theme: Theme) => Promise<void>;
  /** A picture of the page, in extension/test-results/screenshots. */
  readonly screenshot: (name: string) => Promise<string>;
  /** A picture and both logs, in extension/test-results/<name>. */
  readonly saveEvidence: (name: string) => Promise<string>;
}

export async function launchWorkbench(options: LaunchOptions = {}): Promise<LaunchedWorkbench> {
  const owned = new AsyncDisposableStack();
  try {
    return await launchOwned(options, owned);
  } catch (error) {
    await owned.disposeAsync();
    throw error;
  }
}

async function launchOwned(options: LaunchOptions, owned: AsyncDisposableStack): Promise<LaunchedWorkbench> {
  const found = findBrowser();
  if (!found.found) throw new NoBrowserError(found.reason);
  const folder = owned.use(createRunFolder());
  const workspace = options.workspace ?? join(folder.path, 'workspace');
  if (options.workspace === undefined) {
    cpSync(options.fixture ?? join(import.meta.dirname, 'fixtures/empty'), workspace, { recursive: true });
  }
  const underTest = options.tests !== undefined;
  const server = await startVsCodeServer({
    folder: folder.path,
    settings: { ...THEMES, ...options.settings },
    env: options.env,
    vsix: options.vsix,
    // Only a window that is driven takes an extension under development; in all others it is installed as people do.
    extensions: [...(options.others ?? []), ...(underTest || options.vsix !== undefined ? [] : [extensionFolder])],
    driven: underTest,
  });
  owned.defer(() => server.process.end());
  const browser = await startBrowser(found, folder.path);
  owned.defer(() => browser.close());
  // Of a context, in which there can be another window that knows what this one does.
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.theme === 'light' ? 'light' : 'dark',
    forcedColors: options.theme === 'contrast' ? 'active' : 'none',
  });
  const page = await context.newPage();
  const workbench = new Launched(page, server, { folder: folder.path, workspace }, owned);
  await workbench.open(options);
  openWorkbenches.add(workbench);
  owned.defer(() => {
    openWorkbenches.delete(workbench);
  });
  return workbench;
}

class Launched implements LaunchedWorkbench {
  readonly page: Page;
  readonly folder: string;
  readonly workspace: string;
  readonly #server: VsCodeServer;
  readonly #console: string[] = [];
  readonly #testsEnd = Promise.withResolvers<number>();
  readonly #owned: AsyncDisposableStack;

  constructor(
    page: Page,
    server: VsCodeServer,
    { folder, workspace }: { readonly folder: string; readonly workspace: string },
    owned: AsyncDisposableStack,
  ) {
    this.#owned = owned;
    this.page = page;
    this.folder = folder;
    this.workspace = workspace;
    this.#server = server;
    page.on('console', (message: ConsoleMessage) => this.#console.push(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => this.#console.push(`error ${error.stack ?? error.message}`));
  }

  async open({ vsix, tests }: LaunchOptions): Promise<void> {
    // The names that the workbench looks for when it is driven; the first is called when the tests have run.
    await this.page.exposeFunction('codeAutomationExit', (code: number) => this.#testsEnd.resolve(code));
    await this.page.exposeFunction('codeAutomationLog', () => {});
    const payload: [string, string][] = [];
    if (tests !== undefined) {
      if (vsix === undefined) payload.push(['extensionDevelopmentPath', this.#remote(extensionFolder)]);
      payload.push(['extensionTestsPath', this.#remote(tests)]);
    }
    await this.#show(this.page, this.workspace, payload);
    // A test that runs in the extension host has the window to itself.
    if (tests === undefined) await untilExtensionFound(this.page);
  }

  openWindow = async (folder: string): Promise<Page> => {
    const page = await this.page.context().newPage();
    await this.#show(page, folder, []);
    await untilExtensionFound(page);
    return page;
  };

  serverLog = (): string => this.#server.process.output;
  consoleLog = (): string => this.#console.join('\n');
  untilTestsEnd = (): Promise<number> => this.#testsEnd.promise;

  untilBroken = async (): Promise<string> => {
    const page = new Promise<string>((broken) => {
      this.page.once('crash', () => broken('The page crashed.'));
      this.page.once('close', () => broken('The browser ended.'));
    });
    // The server ends together with the workbench; that is no crash.
    const host = this.#server.process
      .untilPrinted(/Extension Host Process exited with code: ((?!0,).*)/)
      .catch(() => 'the server ended');
    return Promise.race([page, host.then((how) => `The extension host ended: ${how}`)]);
  };

  reload = async (): Promise<void> => {
    const before = this.serverLog().length;
    await this.page.reload();
    await untilShown(this.page);
    await this.#untilHostStarted(before);
    await untilExtensionFound(this.page);
  };

  whileClosed = async (work: () => Promise<void>): Promise<void> => {
    const before = this.serverLog().length;
    const pid = this.#hostPid();
    const url = this.page.url();
    await this.page.goto('about:blank');
    await this.#untilHostEnded(pid, before);
    await work();
    await this.page.goto(url);
    await untilShown(this.page);
    await untilExtensionFound(this.page);
  };

  restartHost = async (): Promise<void> => {
    const before = this.serverLog().length;
    const pid = this.#hostPid();
    process.kill(Number(pid), 'SIGKILL');
    await this.#untilHostEnded(pid, before);
    await this.reload();
  };

  showTheme = async (theme: Theme): Promise<void> => {
    const isContrast = theme === 'contrast';
    await this.page.emulateMedia({
      colorScheme: theme === 'light' ? 'light' : 'dark',
      forcedColors: isContrast ? 'active' : 'none',
    });
    await this.page.locator(`.monaco-workbench${THEME_CLASSES[theme]}`).waitFor();
  };

  screenshot = async (name: string): Promise<string> => {
    const path = join(resultsFolder, 'screenshots', `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  };

  saveEvidence = async (name: string): Promise<string> => {
    const folder = join(resultsFolder, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'server.log'), this.serverLog());
    writeFileSync(join(folder, 'console.log'), this.consoleLog());
    try {
      await this.page.screenshot({ path: join(folder, 'screenshot.png'), timeout: 10_000 });
    } catch (error) {
      // The browser may be what failed; the logs are there all the same.
      writeFileSync(join(folder, 'no-screenshot.txt'), String(error));
    }
    return folder;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }

  async #show(page: Page, folder: string, payload: readonly (readonly [string, string])[]): Promise<void> {
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    await page.goto(`http://${this.#server.authority}/?${String(query)}`);
    await untilShown(page);
  }

  #hostPid(): string {
    const pid = [...this.serverLog().matchAll(/<(\d+)> Launched Extension Host Process/g)].at(-1)?.[1];
    if (pid === undefined) throw new Error('The server never said which process the extension host is.');
    return pid;
  }

  async #untilHostEnded(pid: string, offset: number): Promise<void> {
    await this.#server.process.untilPrinted(new RegExp(`<${pid}> Extension Host Process exited`), offset);
  }

  async #untilHostStarted(offset: number): Promise<void> {
    await this.#server.process.untilPrinted(/Launched Extension Host Process/, offset);
  }

  #remote(path: string): string {
    return `vscode-remote://${this.#server.authority}${path}`;
  }
}

/** Until it has given the focus to whatever should have it: a palette that is open before would lose it, and close. */
async function untilShown(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .statusbar').waitFor();
  await page.waitForFunction("performance.getEntriesByName('code/LifecyclePhase/Restored').length > 0");
}

async function untilExtensionFound(page: Page): Promise<void> {
  await new CommandPalette(page).untilListed('Claude Projects: Show Log');
}

async function startBrowser(found: Extract<Browser, { found: true }>, folder: string): Promise<RunningBrowser> {
  return chromium.launch({
    executablePath: found.executable,
    // Its profile, fonts' cache and crash reports go where the run's folder goes.
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, ...found.env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
