import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { percentile } from './statistics.ts';
import { type Goal, number, type Suite } from './suite.ts';

const SCRIPT = resolve(import.meta.dirname, '../../../extension/src/hook/hook.sh');
const RUNS = 200;
const QUICK_RUNS = 40;
const ADDED_P50_MS = 15;
const ADDED_P95_MS = 30;
const WAITING = 5000;

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly payload: string;
  /** What a shell takes that does nothing else with the same payload. */
  readonly floor?: Contender;
  readonly times: number[];
}

/** What a hook of the extension costs Claude Code, which runs it with a shell and waits for it to end. */
export const hook: Suite = {
  name: 'hook',
  floors: [],
  async run({ workshop, quick, progress }) {
    await using stack = new AsyncDisposableStack();
    const folder = (name: string) => {
      const root = join(workshop.directory('hook'), name);
      for (const part of ['inbox', 'sessions']) mkdirSync(join(root, part), { recursive: true });
      copyFileSync(SCRIPT, join(root, 'hook.sh'));
      return root;
    };
    const [small, big] = [payload(2000), payload(5_000_000)];
    const nothing = contender('a shell alone, 2 kB', ':', small);
    const reading = contender('a shell that reads 5 MB', 'cat >/dev/null', big);
    const hookOf = (name: string, root: string, floor: Contender) =>
      // As it is in the settings of Claude Code.
      contender(name, `sh '${join(root, 'hook.sh')}' "$PPID" PostToolUse 2>/dev/null || true`, floor.payload, floor);
    const waiting = folder('waiting');
    for (let file = 0; file < WAITING; file += 1) writeFileSync(join(waiting, 'inbox', `1-${file}`), small);
    const contenders = [
      nothing,
      hookOf('the hook, no editor', folder('alone'), nothing),
      hookOf(`the hook, ${WAITING} records waiting`, waiting, nothing),
      hookOf('the hook, a window that hangs', await hangingWindow(folder('hanging'), stack), nothing),
      reading,
      hookOf('the hook, 5 MB', folder('big'), reading),
    ];
    const full = fullDisk(folder('full'), stack);
    if (full !== undefined) contenders.push(hookOf('the hook, a full disk', full, nothing));
    const runs = quick ? QUICK_RUNS : RUNS;
    for (let run = 0; run < runs; run += 1) {
      for (const contender of contenders) contender.times.push(await timed(contender));
      if ((run + 1) % QUICK_RUNS === 0) progress(`${run + 1} of ${runs} rounds`);
    }
    return {
      tables: [
        {
          title: 'What a hook costs Claude Code',
          columns: ['', 'p50 ms', 'p95 ms', 'added p50 ms', 'added p95 ms'],
          rows: contenders.map((contender) => [
            contender.name,
            number(percentile(contender.times, 50), 1),
            number(percentile(contender.times, 95), 1),
            number(added(contender, 50), 1),
            number(added(contender, 95), 1),
          ]),
          notes: [
            `From the start of \`sh -c\` with the payload of a PostToolUse to its end, ${runs} times in turn. Added: to a shell that does nothing, or that only reads the 5 MB.`,
            ...(full === undefined ? ['The full disk was left out: only root may mount one.'] : []),
          ],
        },
      ],
      goals: contenders.filter(({ floor }) => floor !== undefined).map(goal),
    };
  },
};

function contender(name: string, command: string, payload: string, floor?: Contender): Contender {
  return { name, command, payload, ...(floor && { floor }), times: [] };
}

function payload(responseLength: number): string {
  return JSON.stringify({
    session_id: '00000000-0000-4000-8000-000000000001',
    transcript_path: '/home/ada/.claude/projects/-shop/00000000-0000-4000-8000-000000000001.jsonl',
    cwd: '/shop',
    permission_mode: 'default',
    hook_event_name: 'PostToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'ls' },
    tool_response: { stdout: 'x'.repeat(responseLength) },
  });
}

async function timed({ name, command, payload }: Contender): Promise<number> {
  const began = performance.now();
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] });
  // A shell that does nothing leaves its payload unread.
  child.stdin.on('error', () => undefined);
  child.stdin.end(payload);
  await once(child, 'exit');
  const ms = performance.now() - began;
  if (child.exitCode !== 0) throw new Error(`${name}: ended with ${child.exitCode}`);
  return ms;
}

function added({ times, floor }: Contender, percent: number): number {
  return floor ? percentile(times, percent) - percentile(floor.times, percent) : 0;
}

function goal(contender: Contender): Goal {
  const [p50, p95] = [added(contender, 50), added(contender, 95)];
  return {
    text: `${contender.name}: adds at most ${ADDED_P50_MS} ms at p50 and ${ADDED_P95_MS} at p95`,
    measured: `${number(p50, 1)} and ${number(p95, 1)} ms`,
    reached: p50 <= ADDED_P50_MS && p95 <= ADDED_P95_MS,
  };
}

/** As a window watches the inbox, and does not come to reading what it is told. */
async function hangingWindow(root: string, stack: AsyncDisposableStack): Promise<string> {
  const script = `require('node:fs').watch(process.argv[1]); console.log('watches')`;
  const child = spawn(process.execPath, ['-e', script, join(root, 'inbox')], { stdio: ['ignore', 'pipe', 'inherit'] });
  stack.defer(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  return root;
}

function fullDisk(root: string, stack: AsyncDisposableStack): string | undefined {
  const inbox = join(root, 'inbox');
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', inbox]).status !== 0) return undefined;
  stack.defer(() => void execFileSync('umount', [inbox]));
  spawnSync('sh', ['-c', `head -c 100000 /dev/zero >'${inbox}/.ballast'`]);
  return root;
}
