import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../../workbench/install/chromium.ts';

/** A browser for a page that somebody else serves. */
export async function startHeadless(home: string): Promise<Browser> {
  const found = findBrowser();
  if (!found.found) throw new Error(found.reason);
  return chromium.launch({
    executablePath: found.executable,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, ...found.env },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
}
