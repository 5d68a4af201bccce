import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import JSZip from 'jszip';
import manifest from '../../../package.json' with { type: 'json' };

/** The file that people install. */
export const vsix = join(import.meta.dirname, '../../..', `${manifest.name}-${manifest.version}.vsix`);

/** What is in it, by path. */
export async function openVsix(): Promise<JSZip> {
  return JSZip.loadAsync(readFileSync(vsix));
}
