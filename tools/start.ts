// `pnpm start`: builds the product and opens it: the API on the embedded database, and VS Code with the extension.
// `pnpm demo` plays the demo in it. `--api-only` leaves the editor out; `--editor=browser` takes the one from npm.

import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { rememberedKey } from './start/api-key.ts';
import { openBrowserEditor } from './start/browser-editor.ts';
import { buildApi, packExtension, workspace } from './start/build.ts';
import { hasDesktopEditor, openDesktopEditor } from './start/desktop-editor.ts';
import { holdEditor } from './start/editor-hold.ts';
import { Family } from './start/family.ts';
import { freePort } from './start/free-port.ts';
import { readOptions, USAGE } from './start/options.ts';
import { say } from './start/say.ts';
import { untilAnswers } from './start/until-answers.ts';

const dataDir = resolve(process.env['DATA_DIR'] ?? join(workspace, '.data'));
const host = process.env['HOST'] ?? '127.0.0.1';
const family = new Family();

try {
  await start();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  await family.end(1);
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2), { terminal: process.stdout.isTTY, env: process.env });
  if (options === 'help') {
    say(USAGE);
    return;
  }
  const { editor, demo } = options;
  // Before the build, so that a refused start ends at once.
  const hold = editor === 'none' ? undefined : await holdEditor(dataDir);
  buildApi();
  if (editor !== 'none') packExtension();
  const key = process.env['API_KEYS']?.split(',')[0]?.trim() || rememberedKey(dataDir);
  const port = await choosePort();
  const url = `http://${host}:${port}`;
  say('Starting it …');
  const server = startApi(key, port);
  await untilAnswers(`${url}/health/ready`, server);
  const addresses = `
  API        ${url}/api
  Reference  ${url}/api/docs
  Health     ${url}/health
  API key    ${key}
  Data       ${process.env['MONGODB_URI'] ? 'in the database of MONGODB_URI' : dataDir}
`;
  say(`
Claude Projects is running. Stop it with Ctrl+C.
${addresses}
Try it:
  curl -H "X-API-Key: ${key}" ${url}/api/sessions
`);
  if (hold === undefined) return;
  hold.announce(addresses);
  const env = { CLAUDE_PROJECTS_API_KEY: key, ...(demo ? { CLAUDE_PROJECTS_DEMO: randomUUID() } : {}) };
  const opening = { family, dataDir, apiUrl: `http://127.0.0.1:${port}`, env };
  if (editor === 'desktop' || (editor === 'auto' && hasDesktopEditor())) openDesktopEditor(opening);
  else {
    const line = `  VS Code    ${await openBrowserEditor(opening)}\n`;
    hold.announce(addresses + line);
    say(line);
  }
}

/** The port asked for, or the usual one; if nobody asked and that one is busy, any free one. */
async function choosePort(): Promise<number> {
  const asked = process.env['PORT'];
  if (asked !== undefined && asked !== '') return Number(asked);
  const usual = 3000;
  const free = await freePort(host, usual);
  if (free !== usual) say(`Port ${usual} is in use; taking ${free} instead. Set PORT to choose one.`);
  return free;
}

function startApi(key: string, port: number): ChildProcess {
  const server = family.start(process.execPath, [join(workspace, 'api/dist/server.mjs')], {
    cwd: workspace,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      API_KEYS: process.env['API_KEYS'] || key,
      DATA_DIR: dataDir,
      HOST: host,
      PORT: String(port),
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    },
  });
  server.once('exit', (code) => void family.end(code ?? 1));
  return server;
}
