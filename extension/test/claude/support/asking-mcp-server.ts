// An MCP server on standard input and output with one tool, which asks the person at the terminal before it answers. Once
// its tools are known, the file exists that its argument names.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';

const Message = z.object({
  id: z.optional(z.union([z.number(), z.string()])),
  method: z.optional(z.string()),
  params: z.optional(z.object({ protocolVersion: z.optional(z.string()) })),
});
type Message = z.output<typeof Message>;

const TOOL = { name: 'ask', description: 'Asks for a colour', inputSchema: { type: 'object', properties: {} } };
const QUESTION_ID = 'question';
const QUESTION = {
  message: 'Which colour shall the shop have?',
  requestedSchema: { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'] },
};

const [, , ready] = process.argv;
let call: Message['id'];

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function take({ id, method, params }: Message): void {
  if (method === 'initialize') {
    const { protocolVersion } = params ?? {};
    const serverInfo = { name: 'ask', version: '1.0.0' };
    send({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
  } else if (method === 'tools/list') {
    send({ id, result: { tools: [TOOL] } });
    if (ready !== undefined) writeFileSync(ready, '');
  } else if (method === 'tools/call') {
    call = id;
    send({ id: QUESTION_ID, method: 'elicitation/create', params: QUESTION });
  } else if (id === QUESTION_ID) {
    // Whatever was answered: the tool is done.
    send({ id: call, result: { content: [{ type: 'text', text: 'Thank you.' }] } });
  } else if (id !== undefined) {
    send({ id, result: {} });
  }
}

for await (const line of createInterface({ input: process.stdin })) take(Message.parse(JSON.parse(line)));
