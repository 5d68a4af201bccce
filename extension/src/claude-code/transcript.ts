import { open } from 'node:fs/promises';
import * as z from 'zod/mini';
import { tolerant } from '../platform/tolerant.ts';

/** What the last answer of the model took. */
export interface Spent {
  readonly model: string;
  readonly contextTokens: number;
}

const TAIL_BYTES = 64 * 1024;

const Tokens = tolerant(z.number());
const Answer = z.object({
  type: z.literal('assistant'),
  isSidechain: z.optional(z.boolean()),
  message: z.object({
    model: z.string(),
    usage: z.object({
      input_tokens: Tokens,
      cache_read_input_tokens: Tokens,
      cache_creation_input_tokens: Tokens,
      output_tokens: Tokens,
    }),
  }),
});

/** From the end of Claude Code's own transcript, whose format is its own affair: undefined wherever it is not as known. */
export async function readSpent(transcript: string): Promise<Spent | undefined> {
  return spentIn(await tailOf(transcript));
}

function spentIn(lines: string): Spent | undefined {
  for (const line of lines.split('\n').toReversed()) {
    const { isSidechain, message } = answerIn(line) ?? {};
    // What Claude Code itself puts in the place of an answer.
    if (!message || isSidechain || message.model.startsWith('<')) continue;
    const {
      input_tokens = 0,
      cache_read_input_tokens = 0,
      cache_creation_input_tokens = 0,
      output_tokens = 0,
    } = message.usage;
    const contextTokens = input_tokens + cache_read_input_tokens + cache_creation_input_tokens + output_tokens;
    return { model: message.model.slice(0, 100), contextTokens };
  }
  return undefined;
}

function answerIn(line: string): z.output<typeof Answer> | undefined {
  if (!line.includes('"assistant"')) return undefined;
  try {
    return Answer.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}
