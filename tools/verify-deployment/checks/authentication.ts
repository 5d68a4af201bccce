import { AUTHENTICATION_MESSAGES, ErrorReply, ROUTES, type Route } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { parsed } from '../parsed.ts';
import type { RunContext } from '../run-context.ts';

type Refusal = keyof typeof AUTHENTICATION_MESSAGES;

/** A clean-up that should be closed and is open does nothing but what its job would do anyway. */
const HARMLESS_QUERY = '?older_than_days=3650';

interface Way {
  readonly method: string;
  readonly path: string;
}

/** Spellings that a proxy or a router may take for a guarded path. None of them is a route. */
const OTHER_SPELLINGS = ['/api/sessions/', '//api/sessions', '/API/sessions', '/api/sessions;x', '/api/sessions.json'];

export const wantsAKeyEverywhere: Check = {
  id: 'no-key',
  title: 'without a key every guarded route refuses: with and without /api, as PUT, as HEAD',
  criteria: ['AC-1.3.b', 'AC-4.4 authentication'],
  async verify(run) {
    const routes: readonly Route[] = Object.values(ROUTES);
    const guarded = routes.filter(({ access }) => access === 'key');
    const ways = [...guarded, ...guarded.flatMap(otherWaysTo)];
    const open: string[] = [];
    for (const { method, path } of ways) {
      const problem = await whyNotRefused(run, 'API_KEY_REQUIRED', method, filled(run, path), {});
      if (problem !== undefined) open.push(`${method} ${path} ${problem}`);
    }
    for (const path of OTHER_SPELLINGS) {
      const { status } = await run.send({ method: 'GET', path });
      if (status < 400) open.push(`GET ${path} is answered with status ${status}`);
    }
    expect(open.length === 0, open.join('; '));
    return `${guarded.length} routes, ${ways.length - guarded.length} other ways to them`;
  },
};

function otherWaysTo({ method, path }: Way): Way[] {
  const unprefixed = /^\/api\/(sessions|tasks|machines|stats)/.test(path)
    ? [{ method, path: path.slice('/api'.length) }]
    : [];
  const put = method === 'PATCH' ? [{ method, path }, ...unprefixed].map((way) => ({ ...way, method: 'PUT' })) : [];
  const head = method === 'GET' ? [{ method: 'HEAD', path }] : [];
  return [...unprefixed, ...put, ...head];
}

function filled(run: RunContext, path: string): string {
  const query = path.endsWith('/sessions/cleanup') ? HARMLESS_QUERY : '';
  return path.replace(/:\w+/g, run.data.unusedId()) + query;
}

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
    const ways: readonly Way[] = [
      { method: 'GET', path: '/api/sessions' },
      { method: 'GET', path: '/sessions' },
      { method: 'PUT', path: `/api/sessions/${run.data.unusedId()}` },
    ];
    for (const { method, path } of ways) {
      for (const [code, headers] of attempts) {
        const problem = await whyNotRefused(run, code, method, path, headers);
        expect(problem === undefined, `${method} ${path} with ${Object.keys(headers).join()} ${problem}`);
      }
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
  // Without a body there is nothing more to be said.
  if (method === 'HEAD') return undefined;
  const reply = parsed(ErrorReply, text);
  if (reply?.code !== code) return `is refused with code ${reply?.code ?? 'none'}, not ${code}`;
  const message = AUTHENTICATION_MESSAGES[code];
  return reply.message === message ? undefined : `is refused with the words "${reply.message}", not "${message}"`;
}
