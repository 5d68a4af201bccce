import { ErrorReply, HEADERS } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect, expectEqual } from '../failures.ts';
import { parsed } from '../parsed.ts';

export const repliesCanBeFollowed: Check = {
  id: 'reply-headers',
  title: 'replies carry the request id and what is left of the rate limit',
  criteria: ['AC-5.1.e', 'AC-5.2.d'],
  async verify(run) {
    const requestId = run.data.unusedId();
    const { headers } = await run.send({
      method: 'GET',
      path: '/api/sessions?limit=1',
      headers: { 'X-API-Key': run.settings.key, [HEADERS.requestId]: requestId },
    });
    expectEqual(HEADERS.requestId, headers.get(HEADERS.requestId), requestId);
    for (const name of [HEADERS.rateLimitLimit, HEADERS.rateLimitRemaining, HEADERS.rateLimitReset]) {
      const value = headers.get(name);
      expect(value !== null && /^\d+$/.test(value), `${name} is ${value === null ? 'missing' : `"${value}"`}`);
    }
    return `${headers.get(HEADERS.rateLimitLimit)} requests a minute`;
  },
};

export const refusalsExplainThemselves: Check = {
  id: 'refusals',
  title: 'what is wrong with a request is told field by field, and an unknown id is a 404',
  criteria: ['AC-2.1.b', 'AC-2.1.d', 'AC-5.2.b'],
  async verify(run) {
    const headers = { 'X-API-Key': run.settings.key, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ machine_id: run.data.machineName('refused') });
    const refused = await run.send({ method: 'POST', path: '/api/sessions', headers, body });
    expectEqual('the status of a session without project', refused.status, 400);
    const error = parsed(ErrorReply, refused.text);
    expect(error !== undefined, 'the refusal has not the fields of an error reply');
    expectEqual('its code', error.code, 'VALIDATION_FAILED');
    expect(error.details?.some(({ field }) => field === 'project_id') === true, 'it does not name project_id');
    expectEqual('the request id in its body', error.request_id, refused.headers.get(HEADERS.requestId) ?? '');

    const path = `/api/sessions/${run.data.unusedId()}`;
    const missing = await run.send({ method: 'GET', path, headers: { 'X-API-Key': run.settings.key } });
    expectEqual('the status of an unknown session', missing.status, 404);
    expectEqual('its code', parsed(ErrorReply, missing.text)?.code, 'SESSION_NOT_FOUND');
  },
};
