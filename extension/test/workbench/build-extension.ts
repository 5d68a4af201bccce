import { spawnSync } from 'node:child_process';
import { extensionFolder } from './launch.ts';

/** What is tested is what the sources say now. */
export function buildExtension(): void {
  const { status, stderr } = spawnSync(process.execPath, ['build/build-extension.mts'], {
    cwd: extensionFolder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The extension could not be built:\n${stderr}`);
}
