// Plays the model for the real Claude Code: the few calls of the Messages API that it makes, answered from scripts.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { until } from '../../local-server/support/until.ts';

interface Holds {
  /** It comes when the test calls `release()`; or its beginning comes, and then the rest. Claude Code may hang up. */
  readonly held?: 'whole' | 'midway';
}

export interface Use {
  readonly use: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Failure {
  readonly fail: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One answer of the model. */
export type Answer =
  | (Holds & { readonly say: string })
  | (Holds & Use)
  | (Holds & { readonly uses: readonly Use[] })
  | (Holds & Failure)
  /** As `{ say: 'Done.', held: 'whole' }`. */
  | 'hold';

const FAILURES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

const Block = z.object({ type: z.string(), text: z.optional(z.string()) });
const Message = z.object({ role: z.string(), content: z.union([z.string(), z.array(Block)]) });
const Asked = z.object({
  model: z.string(),
  stream: z.optional(z.boolean()),
  messages: z.array(Message),
  tools: z.optional(z.array(z.unknown())),
});
type Asked = z.output<typeof Asked>;

interface Script {
  readonly name: string;
  readonly answers: readonly Answer[];
}

interface Held {
  readonly script: string;
  readonly go: () => void;
}

export class Model {
  readonly #server: Server;
  readonly #scripts = new Map<string, Script>();
  readonly #held = new Set<Held>();
  #url = '';

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(new Error(String(error))));
    });
  }

  static async start(): Promise<Model> {
    const model = new Model();
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    const address = model.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The model has no port.');
    model.#url = `http://127.0.0.1:${address.port}`;
    return model;
  }

  get url(): string {
    return this.#url;
  }

  /** A prompt that holds `@name` gets these answers, one after the other; after the last the model says "Done.". */
  script(name: string, answers: readonly Answer[]): void {
    this.#scripts.set(name, { name, answers });
  }

  /** How many processes of Claude Code wait for an answer of this script that is held. */
  waiting(script: string): number {
    return [...this.#held].filter((held) => held.script === script).length;
  }

  async untilHeld(script: string, count = 1): Promise<void> {
    await until(`${count} wait for @${script}`, () => this.waiting(script) === count || undefined);
  }

  /** Lets every answer that is held go on, or those of one script. */
  release(script?: string): void {
    for (const held of this.#held) if (script === undefined || held.script === script) held.go();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.#url).pathname;
    const body = await bodyOf(request);
    if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 1 });
    if (path !== '/v1/messages') return sendFailure(response, 404, 'not_found_error');
    const asked = Asked.parse(JSON.parse(body));
    const { script, answer } = this.#answerTo(asked);
    const given = answer === 'hold' ? ({ say: 'Done.', held: 'whole' } as const) : answer;
    if (given.held === 'whole') await this.#hold(script, response);
    if (response.destroyed) return;
    if ('fail' in given) return sendFailure(response, given.fail, FAILURES[given.fail] ?? 'api_error', given.headers);
    const blocks = blocksOf(given);
    if (!asked.stream) return sendJson(response, 200, messageOf(asked.model, blocks));
    const midway = async () => (given.held === 'midway' ? this.#hold(script, response) : undefined);
    await sendStream(response, asked.model, blocks, midway);
  }

  /** By the newest prompt that names a script, and how often the model has answered since. */
  #answerTo({ messages, tools = [] }: Asked): { readonly script: string; readonly answer: Answer } {
    const done = { script: '', answer: { say: 'Done.' } };
    const prompt = messages.findLastIndex((message) => message.role === 'user' && this.#named(message) !== undefined);
    const script = messages[prompt] && this.#named(messages[prompt]);
    // Without tools it is asked for a title and the like.
    if (!script || tools.length === 0) return done;
    const turn = messages.slice(prompt + 1).filter(({ role }) => role === 'assistant').length;
    const answer = script.answers[turn];
    return answer === undefined ? done : { script: script.name, answer };
  }

  #named({ content }: z.output<typeof Message>): Script | undefined {
    const texts = typeof content === 'string' ? [content] : content.map(({ text = '' }) => text);
    // What Claude Code adds by itself may repeat earlier prompts.
    const said = texts.filter((text) => !text.trimStart().startsWith('<'));
    const name = /(?:^|\s)@([a-z-]+)/.exec(said.join('\n'))?.[1];
    return name === undefined ? undefined : this.#scripts.get(name);
  }

  async #hold(script: string, response: ServerResponse): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = { script, go: resolve };
    response.once('close', resolve);
    this.#held.add(held);
    await promise;
    this.#held.delete(held);
  }
}

type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

function blocksOf(answer: Exclude<Answer, 'hold' | Failure>): readonly ContentBlock[] {
  if ('say' in answer) return [{ type: 'text', text: answer.say }];
  const uses = 'uses' in answer ? answer.uses : [answer];
  return uses.map(({ use, input }) => ({ type: 'tool_use', id: `toolu_${plainUuid()}`, name: use, input }));
}

const USAGE = { input_tokens: 12, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 8 };

function messageOf(model: string, content: readonly ContentBlock[]) {
  const stop_reason = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  const id = `msg_${plainUuid()}`;
  return { id, type: 'message', role: 'assistant', model, content, stop_reason, stop_sequence: null, usage: USAGE };
}

async function sendStream(
  response: ServerResponse,
  model: string,
  blocks: readonly ContentBlock[],
  midway: () => Promise<void>,
): Promise<void> {
  const { stop_reason, ...message } = messageOf(model, blocks);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'text') {
      send('content_block_start', { index, content_block: { type: 'text', text: '' } });
      send('content_block_delta', { index, delta: { type: 'text_delta', text: block.text } });
    } else {
      send('content_block_start', { index, content_block: { ...block, input: {} } });
      const partial_json = JSON.stringify(block.input);
      send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
    }
    send('content_block_stop', { index });
  }
  await midway();
  if (response.destroyed) return;
  send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: USAGE });
  send('message_stop', {});
  response.end();
}

function sendFailure(
  response: ServerResponse,
  status: number,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { type: 'error', error: { type, message: `played: ${type}` } }, headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) text += String(part);
  return text;
}

function plainUuid(): string {
  return randomUUID().replaceAll('-', '');
}
