// Plays the model for the real Claude Code: the few calls of the Messages API that it makes, answered from scripts.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as z from 'zod/mini';

/** One answer of the model. */
export type Answer =
  | { readonly say: string }
  | { readonly use: string; readonly input: Readonly<Record<string, unknown>> }
  /** Nothing comes until the test calls `release()`, or Claude Code hangs up. */
  | 'hold';

const Block = z.object({ type: z.string(), text: z.optional(z.string()) });
const Message = z.object({ role: z.string(), content: z.union([z.string(), z.array(Block)]) });
const Asked = z.object({ model: z.string(), stream: z.optional(z.boolean()), messages: z.array(Message) });
type Asked = z.output<typeof Asked>;

export class Model {
  readonly #server: Server;
  readonly #scripts = new Map<string, readonly Answer[]>();
  readonly #held = new Set<() => void>();
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
    this.#scripts.set(name, answers);
  }

  /** Lets every answer that is held go on. */
  release(): void {
    for (const go of this.#held) go();
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
    if (path !== '/v1/messages') {
      return sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'not played' } });
    }
    const asked = Asked.parse(JSON.parse(body));
    const answer = this.#answerTo(asked);
    if (answer === 'hold') await this.#hold(response);
    if (response.destroyed) return;
    const block = blockOf(answer === 'hold' ? { say: 'Done.' } : answer);
    if (asked.stream) sendStream(response, asked.model, block);
    else sendJson(response, 200, messageOf(asked.model, [block]));
  }

  /** By the newest prompt that names a script, and how often the model has answered since. */
  #answerTo({ messages }: Asked): Answer {
    const prompt = messages.findLastIndex((message) => message.role === 'user' && this.#named(message) !== undefined);
    const script = messages[prompt] && this.#named(messages[prompt]);
    const turn = messages.slice(prompt + 1).filter(({ role }) => role === 'assistant').length;
    return script?.[turn] ?? { say: 'Done.' };
  }

  #named({ content }: z.output<typeof Message>): readonly Answer[] | undefined {
    const texts = typeof content === 'string' ? [content] : content.map(({ text = '' }) => text);
    // What Claude Code adds by itself may repeat earlier prompts.
    const said = texts.filter((text) => !text.trimStart().startsWith('<'));
    const name = /(?:^|\s)@([a-z-]+)/.exec(said.join('\n'))?.[1];
    return name === undefined ? undefined : this.#scripts.get(name);
  }

  async #hold(response: ServerResponse): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    response.once('close', resolve);
    this.#held.add(resolve);
    await promise;
    this.#held.delete(resolve);
  }
}

type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

function blockOf(answer: Exclude<Answer, 'hold'>): ContentBlock {
  if ('say' in answer) return { type: 'text', text: answer.say };
  return { type: 'tool_use', id: `toolu_${plainUuid()}`, name: answer.use, input: answer.input };
}

const USAGE = { input_tokens: 12, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 8 };

function messageOf(model: string, content: readonly ContentBlock[]) {
  const stop_reason = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  const id = `msg_${plainUuid()}`;
  return { id, type: 'message', role: 'assistant', model, content, stop_reason, stop_sequence: null, usage: USAGE };
}

function sendStream(response: ServerResponse, model: string, block: ContentBlock): void {
  const { stop_reason, ...message } = messageOf(model, [block]);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  if (block.type === 'text') {
    send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
    send('content_block_delta', { index: 0, delta: { type: 'text_delta', text: block.text } });
  } else {
    send('content_block_start', { index: 0, content_block: { ...block, input: {} } });
    const partial_json = JSON.stringify(block.input);
    send('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json } });
  }
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: USAGE });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
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
