// VS Code's server with a real extension host. server-main.js and not code-server's own command, which takes no flag
// for a driven window.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { vsCodeServer } from '../../../tools/editor/vscode-server.ts';
import { OwnedProcess } from './processes/owned-process.ts';

export interface ServerOptions {
  /** Where it keeps what it writes; the caller removes it. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** For the extension host. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A packaged extension to install first. */
  readonly vsix?: string | undefined;
  /** Folders of extensions to install. */
  readonly extensions: readonly string[];
  /** The page may name an extension under development and a test suite; no notification pops up, and no question. */
  readonly driven: boolean;
}

/** What clears the stage: nothing of the editor's own may cover or move what a test looks at. */
const QUIET = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  // It would tell of every port that any program of the machine opens.
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'window.confirmBeforeClose': 'never',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

const FLAGS = [
  '--host=127.0.0.1',
  '--port=0',
  '--without-connection-token',
  '--accept-server-license-terms',
  '--disable-workspace-trust',
  '--telemetry-level=off',
];

export interface VsCodeServer {
  readonly process: OwnedProcess;
  /** host:port */
  readonly authority: string;
}

export async function startVsCodeServer(options: ServerOptions): Promise<VsCodeServer> {
  const main = vsCodeServer();
  const user = join(options.folder, 'user');
  mkdirSync(join(user, 'Machine'), { recursive: true });
  // The one settings file that the server reads from disk.
  writeFileSync(join(user, 'Machine/settings.json'), JSON.stringify({ ...QUIET, ...options.settings }));
  const folders = [
    ['--user-data-dir', user],
    ['--server-data-dir', join(options.folder, 'server')],
    ['--extensions-dir', join(options.folder, 'extensions')],
  ].flat();
  for (const extension of options.extensions) copyExtension(extension, join(options.folder, 'extensions'));
  const spawned = { cwd: options.folder, env: hostEnvironment(options) };
  if (options.vsix !== undefined) await install(options.vsix, main, folders, spawned);
  const driver = options.driven ? ['--enable-smoke-test-driver'] : [];
  const server = new OwnedProcess(process.execPath, [main, ...FLAGS, ...driver, ...folders], spawned);
  const port = await server.untilPrinted(/agent listening on (\d+)/);
  return { process: server, authority: `127.0.0.1:${port}` };
}

/** What an extension runs with: none of its sources, and nothing that they were built with. */
const OF_AN_EXTENSION = /^(package(\.nls)?\.json|README\.md|api\.d\.ts|(dist|l10n|media)(\/.*)?)$/;

function copyExtension(folder: string, extensions: string): void {
  cpSync(folder, join(extensions, basename(folder)), {
    recursive: true,
    filter: (path) => path === folder || OF_AN_EXTENSION.test(relative(folder, path).replaceAll('\\', '/')),
  });
}

async function install(
  vsix: string,
  main: string,
  folders: readonly string[],
  spawned: ConstructorParameters<typeof OwnedProcess>[2],
): Promise<void> {
  const installation = new OwnedProcess(process.execPath, [main, ...folders, '--install-extension', vsix], spawned);
  await installation.untilPrinted(/was successfully installed/);
  await installation.untilEnded();
  await installation.end();
}

/** The machine's environment without what would make a run depend on whose machine it is. */
function hostEnvironment({ folder, env }: ServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|CLAUDE_PROJECTS_|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(name),
  );
  return { ...Object.fromEntries(inherited), TEST_RUN_FOLDER: folder, ...env };
}
