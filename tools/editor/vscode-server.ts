import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackages } from './package-cache.ts';

const SERVER = 'node_modules/code-server/lib/vscode';

/** The path of VS Code's server, which is installed on the first call. */
export function vsCodeServer(): string {
  const folder = installedPackages('vscode-server', (staging) => {
    // The page loads packages from a folder beside the server's code: without it no terminal opens.
    symlinkSync('../../..', join(staging, SERVER, 'node_modules'), 'junction');
  });
  return join(folder, SERVER, 'out/server-main.js');
}
