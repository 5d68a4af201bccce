import { AUTHENTICATION_MESSAGES, ErrorReply, ROUTES, type Route } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { parsed } from '../parsed.ts';
import type { RunContext } from '../run-context.ts';

type Refusal = keyof typeof AUTHENTICATION_MESSAGES;

/** Where a route that should be closed is open, this is done by it: nothing but what a job would do anyway. */
const HARMLESS_QUERIES: Readonly<Record<string, string>> = { '/api/sessions/cleanup': '?older_than_days=3650' };

export const wantsAKeyEverywhere: Check = {
  id: 'no-key',
  title: 'without a key every guarded route refuses',
  criteria: ['AC-1.3.b', 'AC-4.4 authentication'],
  async verify(run) {
    const routes: readonly Route[] = Object.values(ROUTES);
    const guarded = routes.filter(({ access }) => access === 'key');
    const open: string[] = [];
    for (const { method, path } of guarded) {
      const filled = path.replace(/:\w+/g, run.data.unusedId()) + (HARMLESS_QUERIES[path] ?? '');
      const problem = await whyNotRefused(run, 'API_KEY_REQUIRED', method, filled, {});
      if (problem !== undefined) open.push(`${method} ${path} ${problem}`);
    }
    expect(open.length === 0, open.join('; '));
    return `${guarded.length} routes`;
  },
};

export const refusesOtherKeys: Check = {
  id: 'wrong-key',
  title: 'a wrong key and a malformed one are refused',
  criteria: ['AC-1.3.c', 'AC-4.4 authentication'],
  async verify(run) {
    const attempts: readonly [Refusal, Record<string, string>][] = [
      ['API_KEY_INVALID', { 'X-API-Key': crypto.randomUUID() }],
      ['API_KEY_INVALID', { Authorization: `Bearer ${crypto.randomUUID()}` }],
      ['API_KEY_MALFORMED', { 'X-API-Key': 'invalid-key-123' }],
    ];
    for (const [code, headers] of attempts) {
      const problem = await whyNotRefused(run, code, 'GET', '/api/sessions', headers);
      expect(problem === undefined, `${Object.keys(headers).join()}: ${problem}`);
    }
  },
};

export const neverShowsTheKey: Check = {
  id: 'key-secrecy',
  title: 'no reply of this run held the key',
  criteria: ['AC-1.3.e'],
  async verify({ wire }) {
    expect(wire.leaks.length === 0, `the key came back from ${[...new Set(wire.leaks)].join(', ')}`);
    return `${wire.exchanges.length} replies`;
  },
};

async function whyNotRefused(
  run: RunContext,
  code: Refusal,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<string | undefined> {
  const { status, text } = await run.send({ method, path, headers });
  if (status !== 401) return `is answered with status ${status}, not 401`;
  const reply = parsed(ErrorReply, text);
  if (reply?.code !== code) return `is refused with code ${reply?.code ?? 'none'}, not ${code}`;
  const message = AUTHENTICATION_MESSAGES[code];
  return reply.message === message ? undefined : `is refused with the words "${reply.message}", not "${message}"`;
}
