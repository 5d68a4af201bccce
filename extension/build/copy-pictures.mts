// Brings the pictures of README.md and the walkthrough up to date with what the tests of the user interface last saw.
import { globSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const extension = join(import.meta.dirname, '..');
/** Which stage of the day each shows. */
const PICTURES = { sessions: 'team', demo: 'demo', attention: 'question', tracked: 'tracked' };

await mkdir(join(extension, 'media/pictures'), { recursive: true });
for (const [name, stage] of Object.entries(PICTURES)) {
  const [taken, ...others] = globSync(join(extension, `test-results/screenshots/day-[0-9][0-9]-${stage}-dark.png`));
  if (taken === undefined || others.length > 0) throw new Error('`pnpm test:ui` takes the pictures.');
  await copyFile(taken, join(extension, 'media/pictures', `${name}.png`));
}
