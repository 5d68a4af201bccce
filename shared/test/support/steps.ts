import { STATUS_CODES } from 'node:http';
import { ERRORS, type ErrorCode, type ErrorReply } from '../../src/contract/errors.ts';
import type { Step } from './fault-server.ts';

type Headers = Record<string, string>;

export const raw =
  (status: number, body: string, headers: Headers = {}): Step =>
  (response) =>
    void response.writeHead(status, headers).end(body);

export const json = (status: number, body: unknown, headers: Headers = {}): Step =>
  raw(status, JSON.stringify(body), { 'Content-Type': 'application/json; charset=utf-8', ...headers });

export const html = (status: number): Step =>
  raw(status, '<!doctype html><title>Welcome to nginx</title>', { 'Content-Type': 'text/html' });

/** A reply as the API words it. */
export const refusal = (code: ErrorCode, fields: Partial<ErrorReply> = {}, headers: Headers = {}): Step => {
  const { status } = ERRORS[code];
  return json(status, { ...errorBody(status, code), ...fields }, headers);
};

export function errorBody(status: number, code: string) {
  return {
    statusCode: status,
    error: STATUS_CODES[status] ?? 'Error',
    code,
    message: `Refused: ${code}`,
    timestamp: '2026-11-21T10:00:00.000Z',
    path: '/api/sessions',
    request_id: '0b9c3c36-5f1a-4f0e-9d52-6f2d1c1f7a10',
  };
}

/** Takes the request and never answers. */
export const hang: Step = () => {};

export const resetBeforeReply: Step = (response) => void response.destroy();

/** Promises more than it sends, then breaks the connection. */
export const resetMidBody: Step = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '5000' });
  response.write('{"sessions":[', () => response.destroy());
};

/** Alive, a byte at a time, for ever. */
export const trickle: Step = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 10);
  response.once('close', () => clearInterval(timer));
};
