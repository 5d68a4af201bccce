// Brings the pictures of README.md and the walkthrough up to date with what the suite of the package last saw.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const extension = join(import.meta.dirname, '..');
const PICTURES = ['sessions', 'demo', 'attention', 'tracked'];

await mkdir(join(extension, 'media/pictures'), { recursive: true });
for (const name of PICTURES) {
  const taken = join(extension, 'test-results/screenshots', `package-${name}.png`);
  await copyFile(taken, join(extension, 'media/pictures', `${name}.png`));
}
