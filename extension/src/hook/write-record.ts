import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenRecord } from './record-of.ts';

/** Of one session, while no window takes them: what happened last is worth more than what happened first. */
const MOST_RECORDS = 5000;
const MOST_SESSIONS = 500;
const OLDEST_MS = 30 * 24 * 3_600_000;

/**
 * One file for each record, named so that they sort in the order in which they happened, and put in place whole: many
 * processes write at once, and none waits for another.
 */
export function writeRecord(root: string, record: WrittenRecord): void {
  const sessions = join(root, 'sessions');
  const folder = join(sessions, record.session);
  const moment = String(Math.round(record.at * 1000)).padStart(17, '0');
  const name = `${moment}-${process.pid}.json`;
  const text = `${JSON.stringify(record)}\n`;
  try {
    put(folder, name, text);
  } catch {
    // Another process may just have cleared the folder away.
    put(folder, name, text);
  }
  try {
    if (record.event === 'SessionStart') removeOldest(sessions, record.session);
    keepToTheLast(folder);
  } catch {
    // Another process clears the same away: what matters is written, and is still to be told of.
  }
}

function put(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${name}`);
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, join(folder, name));
}

function keepToTheLast(folder: string): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && /^\d/.test(name));
  if (names.length <= MOST_RECORDS) return;
  names.sort();
  for (const name of names.slice(0, names.length - MOST_RECORDS + MOST_RECORDS / 10)) {
    rmSync(join(folder, name), { force: true });
  }
}

function removeOldest(sessions: string, except: string): void {
  const others = readdirSync(sessions)
    .filter((name) => name !== except)
    .flatMap((name) => {
      // Another process may just have cleared it away.
      const at = statSync(join(sessions, name), { throwIfNoEntry: false })?.mtimeMs;
      return at === undefined ? [] : [{ name, at }];
    })
    .sort((a, b) => b.at - a.at);
  const tooOld = Date.now() - OLDEST_MS;
  for (const [index, { name, at }] of others.entries()) {
    if (index >= MOST_SESSIONS || at < tooOld) rmSync(join(sessions, name), { recursive: true, force: true });
  }
}
