// `hook.sh` for Windows, where no shell does the same as quickly. Claude Code runs it as `hook.cmd <event>`. It prints
// nothing and ends with 0 whatever happens, because Claude Code acts on anything else.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

const MOST_OF_A_TOOL = 16_384;
const MOST = 65_536;
const MOST_FILES = 5000;
const MOST_SESSIONS = 500;
const DAY_MS = 24 * 3_600_000;
const OLDEST_RECORD_MS = 7 * DAY_MS;
const OLDEST_SESSION_MS = 30 * DAY_MS;

const end = (): never => process.exit(0);
process.on('uncaughtException', end);

const [, script = '', event = ''] = process.argv;
const inbox = join(dirname(script), 'inbox');
const sessions = join(dirname(script), 'sessions');
const most = /^(Pre|Post)ToolUse/.test(event) ? MOST_OF_A_TOOL : MOST;

const parts: Buffer[] = [];
let length = 0;
process.stdin.on('data', (part: Buffer) => {
  if (length < most) parts.push(part);
  length += part.length;
});
process.stdin.on('end', () => {
  record(Buffer.concat(parts).subarray(0, most));
  if (event === 'SessionStart') keepHouse();
  end();
});

/** Windows tells nobody cheaply which process started this one: the first line is empty. */
function record(payload: Buffer): void {
  const name = `${process.pid}-${randomUUID()}`;
  const draft = join(inbox, `.${name}`);
  const continues = (process.env['CLAUDE_PROJECTS_SESSION'] ?? '').replace(/[^A-Za-z0-9-].*/s, '');
  mkdirSync(inbox, { recursive: true, mode: 0o700 });
  writeFileSync(draft, Buffer.concat([Buffer.from(`\n${hostname()}\n${continues}\n`), payload]), { mode: 0o600 });
  renameSync(draft, join(inbox, name));
}

function keepHouse(): void {
  removeOldest(inbox, readdirSync(inbox), MOST_FILES, OLDEST_RECORD_MS);
  for (const session of readdirSync(sessions)) {
    const folder = join(sessions, session);
    const records = readdirSync(folder).filter((name) => /^\d/.test(name));
    removeOldest(folder, records, MOST_FILES, OLDEST_RECORD_MS);
  }
  removeOldest(sessions, readdirSync(sessions), MOST_SESSIONS, OLDEST_SESSION_MS);
}

function removeOldest(folder: string, names: readonly string[], mostKept: number, oldestMs: number): void {
  const tooOld = Date.now() - oldestMs;
  names
    // Another process may just have taken it away.
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs }))
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
    .filter(({ at }, index) => index >= mostKept || (at ?? 0) < tooOld)
    .forEach(({ path }) => rmSync(path, { recursive: true, force: true }));
}
