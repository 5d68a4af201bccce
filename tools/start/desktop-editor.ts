// VS Code for the desktop, through its command `code`, with a profile of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type EditorOptions, editorEnvironment } from './editor.ts';
import { packagesFor } from './packages.ts';
import { makeProfile, pointAt } from './profile.ts';
import { say } from './say.ts';

const windows = process.platform === 'win32';

/** In a terminal of a remote window `code` reaches that window only, and takes no profile. */
export function hasDesktopEditor(): boolean {
  if (process.env['VSCODE_IPC_HOOK_CLI']) return false;
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: windows }).status === 0;
}

export function openDesktopEditor({ family, dataDir, apiUrl, env }: EditorOptions): void {
  const startedAt = Date.now();
  const profile = makeProfile(dataDir, 'desktop');
  pointAt(apiUrl, join(profile.user, 'User/settings.json'));
  const own = ['--user-data-dir', profile.user, '--extensions-dir', profile.extensions];
  const options = { env: editorEnvironment(env), shell: windows };
  say('Installing the extension into a profile of its own …');
  const packages = packagesFor(dataDir).flatMap((file) => ['--install-extension', file]);
  const installed = spawnSync('code', quoted([...own, ...packages, '--force']), { ...options, encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`code could not install the extension:\n${installed.stderr}`);
  say('Opening VS Code …');
  const args = [...own, '--disable-workspace-trust', '--new-window', '--wait', profile.playground];
  const window = family.start('code', quoted(args), { ...options, stdio: 'ignore' });
  family.onEnd(window, () => say('VS Code was closed. The API goes on; Ctrl+C ends it.'));
  // `code` only waits for the editor, which is no child of ours.
  family.atEnd(() => endEditor(join(profile.user, 'code.lock'), startedAt));
}

/** The editor writes its process id beside its settings. One that was open before us is not ours to end. */
function endEditor(lock: string, startedAt: number): void {
  try {
    if (statSync(lock).mtimeMs < startedAt) return;
    const pid = Number(readFileSync(lock, 'utf8'));
    if (Number.isInteger(pid) && pid > 1) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}

function quoted(args: readonly string[]): readonly string[] {
  return windows ? args.map((arg) => `"${arg}"`) : args;
}
