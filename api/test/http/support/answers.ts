import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import {
  ERRORS,
  ErrorDetail,
  ErrorReply,
  HEADERS,
  type ReplySchema,
  type Route,
} from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { RawReply } from './raw-client.ts';

/** As the contract has it, and not a field more. */
const StrictErrorReply = z.strictObject({
  ...ErrorReply.shape,
  details: z.optional(z.array(z.strictObject(ErrorDetail.shape))),
});

const ENGINE_WORDS = /sqlite|mongo|better-|node_modules|\bat \S+ \(|FST_ERR|ERR_[A-Z_]+/i;

export function headerOf(reply: RawReply, name: string): string | undefined {
  const value = reply.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

export function parseJson(text: string): unknown {
  return JSON.parse(text);
}

/** Asserts all that holds for every refusal, and gives it back typed. */
export function assertRefusal(reply: RawReply): ErrorReply {
  assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status} is not a refusal: ${reply.text.slice(0, 500)}`);
  const parsed = StrictErrorReply.safeParse(parseJson(reply.text));
  assert.ok(parsed.success, `not an error of the contract: ${reply.text.slice(0, 500)}`);
  const body = parsed.data;
  assert.equal(body.statusCode, reply.status);
  assert.equal(body.statusCode, ERRORS[body.code].status, `${body.code} goes with another status`);
  assert.equal(body.error, STATUS_CODES[reply.status]);
  assert.equal(headerOf(reply, HEADERS.requestId), body.request_id);
  assert.match(headerOf(reply, 'Content-Type') ?? '', /^application\/json/);
  assert.doesNotMatch(body.message, ENGINE_WORDS);
  return body;
}

/** Asserts that a reply is one the route may give, down to each key of its body. */
export function assertAnswerOf(route: Route, documented: ReadonlySet<number>, reply: RawReply): void {
  assert.ok(
    documented.has(reply.status),
    `${reply.status} is not documented for this route: ${reply.text.slice(0, 500)}`,
  );
  if (reply.status >= 400) {
    assertRefusal(reply);
    return;
  }
  assert.ok(headerOf(reply, HEADERS.requestId), 'every reply has a request id');
  if (reply.status === 304) {
    assert.equal(reply.text, '');
    return;
  }
  const replies: Readonly<Record<number, ReplySchema | undefined>> = route.replies;
  const schema = replies[reply.status];
  assert.ok(schema !== undefined, `${reply.status} has no schema`);
  if (schema === null) assert.equal(reply.text, '');
  else if (schema === 'text') assert.notEqual(reply.text, '');
  else assertExactly(schema, parseJson(reply.text));
}

/** Schemas of replies drop unknown keys; here one is a failure, be it of an engine or forgotten. */
function assertExactly(schema: z.ZodMiniType, body: unknown): void {
  const parsed = z.safeParse(schema, body);
  assert.ok(
    parsed.success,
    `not the reply of the contract: ${JSON.stringify(parsed.error)} ${JSON.stringify(body).slice(0, 500)}`,
  );
  assert.deepEqual(parsed.data, body, 'the reply has keys that the contract does not know');
}
