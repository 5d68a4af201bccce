// VS Code's server, from npm, with the packaged extension: for machines without VS Code. A browser shows it.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vsCodeServer } from '../editor/vscode-server.ts';
import { type EditorOptions, editorEnvironment } from './editor.ts';
import { freePort } from './free-port.ts';
import { packagesFor } from './packages.ts';
import { makeProfile, pointAt } from './profile.ts';
import { say } from './say.ts';
import { untilAnswers } from './until-answers.ts';

const HOST = '127.0.0.1';
/** The same each time, where it is free: a browser keeps the layout of the window by address. */
const USUAL_PORT = 3010;

/** Resolves with the address to open. */
export async function openBrowserEditor({ family, dataDir, apiUrl, env }: EditorOptions): Promise<string> {
  const main = vsCodeServer();
  const profile = makeProfile(dataDir, 'browser');
  pointAt(apiUrl, join(profile.user, 'Machine/settings.json'));
  const own = ['--user-data-dir', profile.user, '--server-data-dir', profile.user];
  const folders = [...own, '--extensions-dir', profile.extensions];
  const options = { cwd: profile.playground, env: editorEnvironment(env) };
  say('Installing the extension into it …');
  const packages = packagesFor(dataDir).flatMap((file) => ['--install-extension', file]);
  const installed = spawnSync(process.execPath, [main, ...folders, ...packages, '--force'], {
    ...options,
    encoding: 'utf8',
  });
  if (installed.status !== 0) throw new Error(`The extension could not be installed:\n${installed.stderr}`);
  // Who can open this page can run programs as its user: only who was told the token may.
  const tokenFile = join(dataDir, 'editor-token');
  const token = randomUUID();
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const port = await freePort(HOST, USUAL_PORT);
  const log = join(dataDir, 'vscode-browser.log');
  const output = openSync(log, 'w', 0o600);
  const flags = [
    `--host=${HOST}`,
    `--port=${port}`,
    `--connection-token-file=${tokenFile}`,
    '--accept-server-license-terms',
    '--disable-workspace-trust',
    '--telemetry-level=off',
  ];
  const server = family.start(process.execPath, [main, ...flags, ...folders], {
    ...options,
    stdio: ['ignore', output, output],
  });
  await untilAnswers(`http://${HOST}:${port}/version`, server);
  if (!existsSync(log) || server.exitCode !== null) throw new Error(`VS Code did not start; ${log} says why.`);
  family.onEnd(server, () => say(`VS Code's server ended; ${log} says why. The API goes on; Ctrl+C ends it.`));
  const query = new URLSearchParams({ folder: profile.playground, tkn: token });
  return `http://${HOST}:${port}/?${String(query)}`;
}
