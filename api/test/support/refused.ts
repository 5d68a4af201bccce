import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { ERRORS, type ErrorCode, ErrorReply, HEADERS } from '@claude-projects/shared/contract';
import type { CallOptions, TestApi } from './test-api.ts';

/** Sends a request that must be refused with this code, and holds the refusal against the contract's format. */
export async function refused(
  api: TestApi,
  code: ErrorCode,
  method: string,
  path: string,
  body?: unknown,
  options?: CallOptions,
): Promise<ErrorReply> {
  const reply = await api.call(method, path, body, options);
  assert.equal(reply.status, ERRORS[code].status, `${method} ${path} gave ${JSON.stringify(reply.body)}`);
  const error = ErrorReply.parse(reply.body);
  assert.deepEqual(error, reply.body, 'the refusal has fields that the contract does not know');
  assert.equal(error.code, code);
  assert.equal(error.statusCode, reply.status);
  assert.equal(error.error, STATUS_CODES[reply.status]);
  assert.equal(error.path, path.split('?')[0]);
  assert.equal(error.timestamp, api.clock.now().toISOString());
  assert.equal(error.request_id, reply.headers.get(HEADERS.requestId));
  return error;
}

/** The fields a 400 names. */
export function fieldsOf(error: ErrorReply): string[] {
  return (error.details ?? []).map((detail) => detail.field);
}
