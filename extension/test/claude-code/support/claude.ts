import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';

const Hello = z.object({ session: z.string(), pid: z.int() });
const Ran = z.object({ hooks: z.array(z.object({ code: z.nullable(z.int()), printed: z.string() })) });

export interface ClaudeOptions {
  readonly cwd: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What stands in for it; for tests that were bundled. */
  readonly script?: string;
}

/** A process that stands in for Claude Code. */
export class Claude {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string, undefined>;
  readonly ended: Promise<number | undefined>;
  session = '';
  pid = 0;

  constructor({ cwd, args = [], env = {}, script = join(import.meta.dirname, 'fake-claude.ts') }: ClaudeOptions) {
    this.#child = spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, ...env } });
    this.#child.stderr.resume();
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.ended = once(this.#child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : undefined));
  }

  static async start(options: ClaudeOptions): Promise<Claude> {
    const claude = new Claude(options);
    await claude.greeted();
    return claude;
  }

  async greeted(): Promise<void> {
    const { session, pid } = Hello.parse(await this.#answer());
    Object.assign(this, { session, pid });
  }

  /** Resolves when its hooks have run, which never print and never fail. Returns how many there were. */
  async tell(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<number> {
    this.#child.stdin.write(`${JSON.stringify({ hook_event_name: event, ...fields })}\n`);
    const { hooks } = Ran.parse(await this.#answer());
    for (const hook of hooks) assert.deepEqual(hook, { code: 0, printed: '' });
    return hooks.length;
  }

  /** Puts a task on its list, and begins it. */
  async beginTask(task_id: string, task_subject: string): Promise<void> {
    await this.tell('TaskCreated', { task_id, task_subject });
    await this.tell('PostToolUse', begins(task_id));
  }

  async exit(code = 0): Promise<void> {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify({ exit: code })}\n`);
    await this.ended;
  }

  /** At once, without a word. */
  async crash(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #answer(): Promise<unknown> {
    const next = await this.#lines.next();
    if (next.done) assert.fail('Claude Code ended in the middle');
    return JSON.parse(next.value);
  }
}

/** What Claude Code tells when it begins a task of its list. */
export function begins(taskId: string) {
  const tool_response = { success: true, taskId, statusChange: { from: 'pending', to: 'in_progress' } };
  return { tool_name: 'TaskUpdate', tool_input: { taskId, status: 'in_progress' }, tool_response };
}
