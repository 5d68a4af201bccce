import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { API_KEY, type ClientModule, clientBench } from '../../support/client-suite.ts';
import type { Step } from '../../support/fault-server.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { SESSION_ID, session } from '../../support/records.ts';
import { errorBody, hang, html, json, raw, refusal, resetBeforeReply, resetMidBody } from '../../support/steps.ts';

export function describeSecrecy(load: () => ClientModule): void {
  describe('the API key', () => {
    const bench = clientBench(load);
    const echo = `you sent ${API_KEY}, or ${API_KEY.toUpperCase()}`;

    const faults: Record<string, Step> = {
      'a refusal': refusal('API_KEY_INVALID'),
      'an echo in every field': json(409, {
        ...errorBody(409, API_KEY),
        message: echo,
        request_id: API_KEY,
        conflicting_session_id: API_KEY,
        successor_session_id: API_KEY,
        details: [{ field: API_KEY, message: echo }],
      }),
      'an echo in headers': raw(418, echo, { 'X-Request-Id': API_KEY, 'Content-Type': `text/${API_KEY}` }),
      'a reply that breaks the contract': json(200, { ...session, started_at: API_KEY }),
      'an alien server': html(200),
      'a redirect': raw(302, '', { Location: `https://example.com/?key=${API_KEY}` }),
      'a rate limit of a gateway': raw(429, echo, { 'Retry-After': '99' }),
      'a reset': resetBeforeReply,
      'a reset in mid-body': resetMidBody,
      'a timeout': hang,
    };
    for (const [what, step] of Object.entries(faults)) {
      it(`is in no error and no log line after ${what}`, async () => {
        bench.server.script(step);
        const logger = new RecordingLogger();
        const client = bench.client({ logger, retries: 0, timeoutMs: 5000 });
        const error: unknown = await client.getSession(SESSION_ID, { timeoutMs: 200 }).catch((error: unknown) => error);
        assert(error instanceof bench.module.ApiError);
        assert.equal(error.cause, undefined);
        keepsSecret(error, error.message, error.stack, logger.lines);
        assert.equal(logger.lines.length, 1);
      });
    }

    it('is masked even in a path that carries it', async () => {
      const logger = new RecordingLogger();
      bench.server.script(refusal('INTERNAL_ERROR'), resetBeforeReply);
      const error: unknown = await bench
        .client({ logger, retries: { attempts: 1, baseDelayMs: 1 } })
        .getSession(API_KEY)
        .catch((error: unknown) => error);
      keepsSecret(error, logger.lines);
    });

    it('is in no inspection of the client', () => {
      const client = bench.client();
      keepsSecret(client, Object.entries(client));
    });

    it('is in no complaint about options', () => {
      const baseUrl = `https://user:${API_KEY}@example.com`;
      assert.throws(
        () => bench.client({ baseUrl }),
        (error) => {
          keepsSecret(error);
          return true;
        },
      );
      assert.throws(
        () => bench.client({ apiKey: `${API_KEY}\n` }),
        (error) => {
          keepsSecret(error);
          return true;
        },
      );
    });
  });
}

function keepsSecret(...things: unknown[]): void {
  for (const thing of things) {
    const shown =
      inspect(thing, { depth: Infinity, showHidden: true, getters: true }) + JSON.stringify(thing) + String(thing);
    assert(!shown.toLowerCase().includes(API_KEY), `the key shows in ${shown}`);
  }
}
