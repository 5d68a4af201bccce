// Draws `media/icon.png` from `media/icon.svg`: galleries show no SVG.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../test/workbench/install/chromium.ts';

const media = join(import.meta.dirname, '../media');
const SIDE = 256;

const found = findBrowser();
if (!found.found) throw new Error(found.reason);
const browser = await chromium.launch({
  executablePath: found.executable,
  env: { ...process.env, ...found.env },
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: SIDE, height: SIDE } });
  const drawing = await readFile(join(media, 'icon.svg'), 'utf8');
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${drawing}`);
  await page.screenshot({ path: join(media, 'icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
