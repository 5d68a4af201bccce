import type { Check } from '../check.ts';
import { expect } from '../failures.ts';

/** What a page in the editor has for an origin. */
const ORIGIN = 'vscode-webview://verification';
const METHOD = 'PATCH';
const HEADERS = ['content-type', 'x-api-key'];

export const answersPages: Check = {
  id: 'cors',
  title: 'pages may call it, those of the editor among them (CORS)',
  criteria: ['AC-1.4.d'],
  leftOut: ({ wire }) =>
    wire.cameThroughGateway ? undefined : 'a server without a gateway of AWS leaves this to a proxy',
  async verify(run) {
    const preflight = await run.send({
      method: 'OPTIONS',
      path: '/api/sessions',
      headers: {
        Origin: ORIGIN,
        'Access-Control-Request-Method': METHOD,
        'Access-Control-Request-Headers': HEADERS.join(','),
      },
    });
    expect(preflight.status < 300, `the question of a page whether it may is answered with status ${preflight.status}`);
    for (const [name, wanted] of [
      ['Origin', [ORIGIN]],
      ['Methods', [METHOD]],
      ['Headers', HEADERS],
    ] as const) {
      expectAllowed(preflight.headers, name, wanted);
    }
    const reply = await run.send({ method: 'GET', path: '/health', headers: { Origin: ORIGIN } });
    expectAllowed(reply.headers, 'Origin', [ORIGIN]);
  },
};

function expectAllowed(headers: Headers, what: string, wanted: readonly string[]): void {
  const header = `Access-Control-Allow-${what}`;
  const value = headers.get(header) ?? '';
  const allowed = value.split(',').map((each) => each.trim().toLowerCase());
  const missing = wanted.find((each) => !allowed.includes('*') && !allowed.includes(each.toLowerCase()));
  expect(missing === undefined, `${header} is "${value}", without ${missing}`);
}
