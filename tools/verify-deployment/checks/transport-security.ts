import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import type { RunContext } from '../run-context.ts';

/** What browsers' own lists ask for at least: half a year. */
const LEAST_MAX_AGE_S = 15_552_000;
/** Certificates that renew themselves do so long before. */
const LEAST_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

export const hasALastingCertificate: Check = {
  id: 'certificate',
  title: `the certificate is valid, and for ${LEAST_DAYS} days more`,
  criteria: ['AC-1.4.b', 'AC-4.2.c'],
  leftOut: unlessTls,
  async verify({ settings }) {
    const end = await settings.certificateEnd(new URL(settings.url), settings.timeoutMs);
    const days = Math.floor((end.getTime() - settings.time.today().getTime()) / DAY_MS);
    const until = end.toISOString().slice(0, 10);
    expect(days > LEAST_DAYS, `it holds until ${until} only: for ${days} days`);
    return `until ${until}`;
  },
};

export const insistsOnTls: Check = {
  id: 'hsts',
  title: 'replies tell callers to come over TLS only (Strict-Transport-Security)',
  criteria: ['AC-4.2 HSTS'],
  leftOut: unlessTls,
  async verify(run) {
    const paths = ['/health', '/api/sessions', `/api/nothing-${run.data.unusedId()}`];
    for (const path of paths) {
      const { headers, status } = await run.send({ method: 'GET', path });
      const header = headers.get('Strict-Transport-Security');
      expect(header !== null, `the header is missing from GET ${path} (status ${status})`);
      const maxAge = Number(/max-age="?(\d+)/i.exec(header)?.[1] ?? 'NaN');
      expect(maxAge >= LEAST_MAX_AGE_S, `"${header}" holds for less than half a year`);
    }
  },
};

export const sendsHttpToHttps: Check = {
  id: 'http-redirect',
  title: 'http:// leads to https://',
  criteria: ['AC-4.2.d'],
  leftOut: (run) =>
    unlessTls(run) ??
    (run.settings.redirect === 'skip' ? 'left out on request' : undefined) ??
    (isGateway(run) ? 'a gateway of AWS has nothing on http://' : undefined),
  async verify(run) {
    const secure = new URL(run.settings.url);
    expect(secure.port === '', 'there is no http:// address to try where https:// has a port of its own');
    const url = `http://${secure.host}${secure.pathname.replace(/\/$/, '')}/health`;
    const { status, headers } = await run.wire.send({ method: 'GET', url });
    expect([301, 302, 307, 308].includes(status), `GET ${url} is answered with status ${status}, not a redirect`);
    const location = headers.get('Location') ?? '';
    const target = URL.canParse(location) ? new URL(location) : undefined;
    expect(
      target?.protocol === 'https:' && target.host === secure.host,
      `it redirects to "${location}", not to https://${secure.host}`,
    );
    return `status ${status}`;
  },
};

/** By an address of its own: without a domain, and so without the edge that sends http:// on. */
function isGateway(run: RunContext): boolean {
  return /\.execute-api\.[a-z\d-]+\.amazonaws\.com(?:\.cn)?$/.test(new URL(run.settings.url).hostname);
}

function unlessTls(run: RunContext): string | undefined {
  return run.settings.url.startsWith('https:') ? undefined : 'the URL is not https://';
}
