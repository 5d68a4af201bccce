// Which browser shows the workbench. On Linux x64 always the same one, from an npm package that brings all it needs but
// the C library: what the tests prove does not depend on what a machine has. Elsewhere, the browser that is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackages } from './package-cache.ts';

export type Browser =
  | { readonly found: true; readonly executable: string; readonly env: Readonly<Record<string, string>> }
  | { readonly found: false; readonly reason: string };

export function findBrowser(): Browser {
  const asked = process.env['CHROME_PATH'];
  if (asked) return { found: true, executable: asked, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  const executable = usualPlaces().find((path) => existsSync(path));
  if (executable) return { found: true, executable, env: {} };
  return {
    found: false,
    reason: `no Chrome, Chromium or Edge was found on this ${process.platform} ${process.arch}; CHROME_PATH can name one`,
  };
}

function packagedChromium(): Browser {
  const folder = installedPackages('chromium', unpack);
  const unpacked = join(folder, 'unpacked');
  return {
    found: true,
    executable: join(unpacked, 'chromium'),
    env: { LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

function unpack(folder: string): void {
  const target = join(folder, 'unpacked');
  mkdirSync(target);
  const { status, stderr } = spawnSync(process.execPath, ['unpack.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: target },
  });
  if (status !== 0) throw new Error(`Chromium could not be unpacked:\n${stderr}`);
  // 67 MB that nobody reads again.
  rmSync(join(folder, 'node_modules'), { recursive: true });
}

function usualPlaces(): readonly string[] {
  const { platform, env } = process;
  if (platform === 'darwin') {
    return ['Google Chrome', 'Microsoft Edge', 'Chromium'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (platform === 'win32') {
    const bases = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LocalAppData']].filter(
      (base) => base !== undefined,
    );
    return ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'].flatMap((program) =>
      bases.map((base) => join(base, program)),
    );
  }
  return ['google-chrome', 'chromium', 'chromium-browser'].map((name) => `/usr/bin/${name}`);
}
