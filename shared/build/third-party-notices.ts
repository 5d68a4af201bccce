import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';

const Manifest = z.looseObject({ name: z.string(), version: z.string(), license: z.optional(z.string()) });

/** The licences of the packages that a bundle's files come from: they ask to travel with every copy. */
export async function thirdPartyNotices(files: readonly string[], workingDirectory: string): Promise<string> {
  const roots = new Set<string>();
  for (const file of files) {
    const root = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0];
    if (root !== undefined) roots.add(resolve(workingDirectory, root));
  }
  const notices = await Promise.all([...roots].map(noticeOf));
  return `This package contains the following software.\n\n${notices.sort().join('\n')}`;
}

async function noticeOf(root: string): Promise<string> {
  const { name, version, license } = Manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const file = (await readdir(root)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const text = file === undefined ? `License: ${license ?? 'not stated'}\n` : await readFile(join(root, file), 'utf8');
  return `${name} ${version}\n${'-'.repeat(60)}\n${text.trim()}\n`;
}
