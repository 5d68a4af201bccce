// Stands in for Claude Code: it runs the hooks of its settings at the events that it is told of, one line of standard
// input each, as Claude Code runs them: through a shell, with JSON on standard input.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';

const Settings = z.object({
  hooks: z.optional(z.record(z.string(), z.array(z.object({ hooks: z.array(z.object({ command: z.string() })) })))),
});
const Line = z.looseObject({ hook_event_name: z.optional(z.string()), exit: z.optional(z.int()) });

const args = process.argv.slice(2);
const resumed = args.includes('--resume') ? args[args.indexOf('--resume') + 1] : undefined;
const forked = args.includes('--fork-session');
const session = resumed !== undefined && !forked ? resumed : randomUUID();
const { FAKE_CLAUDE_CASE, FAKE_CLAUDE_FAILS, CLAUDE_CONFIG_DIR } = process.env;
if (FAKE_CLAUDE_FAILS) process.exit(Number(FAKE_CLAUDE_FAILS));

const files = [join(process.cwd(), '.claude', 'settings.local.json')];
if (CLAUDE_CONFIG_DIR) files.push(join(CLAUDE_CONFIG_DIR, 'settings.json'));

function commandsOf(event: string): readonly string[] {
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => Settings.parse(JSON.parse(readFileSync(file, 'utf8'))).hooks?.[event] ?? [])
    .flatMap(({ hooks }) => hooks.map(({ command }) => command));
}

function runHook(command: string, input: string): Promise<{ code: number | null; printed: string }> {
  return new Promise((done) => {
    const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        printed += part;
      });
    }
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => done({ code, printed }));
    child.stdin.end(input);
  });
}

function inCase(fields: object): object {
  if (FAKE_CLAUDE_CASE !== 'camel') return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

async function tell(event: string, fields: object, under = session) {
  const common = {
    session_id: under,
    transcript_path: `/home/ada/.claude/projects/-shop/${under}.jsonl`,
    cwd: process.cwd(),
    permission_mode: 'default',
    hook_event_name: event,
  };
  const input = JSON.stringify(inCase({ ...common, ...fields }));
  return Promise.all(commandsOf(event).map((command) => runHook(command, input)));
}

process.stdout.write(`${JSON.stringify({ session, pid: process.pid })}\n`);
// Version 2.1.197 tells the start of a copy under the id of the original.
const startsAs = process.env['FAKE_CLAUDE_COPIES_LATE'] ? resumed : session;
if (resumed !== undefined) await tell('SessionStart', { source: 'resume' }, startsAs);
for await (const line of createInterface({ input: process.stdin })) {
  const { exit, hook_event_name = '', ...fields } = Line.parse(JSON.parse(line));
  if (exit !== undefined) process.exit(exit);
  process.stdout.write(`${JSON.stringify({ hooks: await tell(hook_event_name, fields) })}\n`);
}
