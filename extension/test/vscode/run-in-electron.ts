// `pnpm test:electron [-g <title>]`: the same tests in VS Code for the desktop, downloaded: the oldest version that the
// manifest promises, and the latest. Needs a display, and the network the first time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import manifest from '../../package.json' with { type: 'json' };
import { extensionFolder } from '../workbench/launch.ts';
import { createRunFolder } from '../workbench/processes/run-folder.ts';
import { prepareSuite, type SuiteRun } from './suite-run.ts';

const oldest = manifest.engines.vscode.replace(/^\^/, '');
let failed = false;
for (const version of [oldest, 'stable']) {
  process.stdout.write(`\nIn VS Code ${version} for the desktop …\n`);
  if (!(await runIn(version))) failed = true;
}
process.exitCode = failed ? 1 : 0;

async function runIn(version: string): Promise<boolean> {
  const executable = await download(version);
  if (executable === undefined) return false;
  const suite = await prepareSuite();
  try {
    return await passes(executable, suite);
  } finally {
    await suite[Symbol.asyncDispose]();
  }
}

async function download(version: string): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: join(extensionFolder, '.vscode-test/electron') });
  } catch (error) {
    process.stderr.write(
      `VS Code ${version} could not be downloaded, so nothing was tested in it: ${describe(error)}\n` +
        '`pnpm test:vscode` runs the same tests in a VS Code that comes from npm.\n',
    );
    return undefined;
  }
}

async function passes(executable: string, suite: SuiteRun): Promise<boolean> {
  const folder = createRunFolder();
  const workspace = join(folder.path, 'workspace');
  mkdirSync(workspace);
  mkdirSync(join(folder.path, 'user/User'), { recursive: true });
  writeFileSync(join(folder.path, 'user/User/settings.json'), JSON.stringify(suite.settings));
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: [extensionFolder, suite.example],
      extensionTestsPath: suite.entry,
      extensionTestsEnv: { ...suite.env, TEST_RUN_FOLDER: folder.path },
      launchArgs: [
        workspace,
        '--disable-workspace-trust',
        `--user-data-dir=${join(folder.path, 'user')}`,
        `--extensions-dir=${join(folder.path, 'extensions')}`,
      ],
    });
    return true;
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return false;
  } finally {
    folder[Symbol.dispose]();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
