import { parseArgs } from 'node:util';
import type { VerifyOptions } from './options.ts';

/** What was typed is no run; the message says what to type. Never repeats a value: it may be a key. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CommandLine {
  readonly options: Required<Pick<VerifyOptions, 'url' | 'key' | 'stall' | 'pulse' | 'redirect'>> &
    Pick<VerifyOptions, 'heartbeats' | 'timeoutMs'>;
  readonly json: boolean;
}

export const USAGE = `Verifies a deployed API from end to end, and removes what it stored.

  VERIFY_API_KEY=<key> pnpm verify:deployment <url>
  pnpm verify:deployment <url> <key>        (the key is then seen in the shell's history and in what pnpm prints)

  --detect-now      asks the service to look for silent sessions, instead of waiting for its schedule
  --skip-stall      does not verify that a silent session is found
  --skip-pulse      does not verify minutes of heartbeats
  --quick           neither of the two: under two minutes instead of eight
  --skip-redirect   does not verify that http:// leads to https://, where nothing is on http://
  --heartbeats=200  how many heartbeats the latency is judged by
  --timeout=30      how many seconds a request may take
  --json            the report as JSON
  --help

Ends with 0 if nothing failed, 1 if something did, 2 if it was called wrongly.`;

const KEY_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** `'help'` where only that was asked for. Throws a UsageError. */
export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [url, typedKey, ...rest] = positionals;
  if (url === undefined) throw new UsageError('Which URL?');
  if (rest.length > 0) throw new UsageError('There is more than a URL and a key.');
  if (values['detect-now'] && (values['skip-stall'] || values.quick)) {
    throw new UsageError('--detect-now and leaving the stall out contradict each other.');
  }
  const skipsStall = values['skip-stall'] || values.quick;
  return {
    options: {
      url: checkedUrl(url),
      key: checkedKey(typedKey ?? env['VERIFY_API_KEY']),
      stall: skipsStall ? 'skip' : values['detect-now'] ? 'request' : 'schedule',
      pulse: values['skip-pulse'] || values.quick ? 'skip' : 'full',
      redirect: values['skip-redirect'] ? 'skip' : 'full',
      heartbeats: wholeNumber('--heartbeats', values.heartbeats, 10, 10_000),
      timeoutMs: seconds(wholeNumber('--timeout', values.timeout, 1, 600)),
    },
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // pnpm hands on the "--" that some put in front of a script's own options.
      args: args.filter((arg) => arg !== '--'),
      allowPositionals: true,
      options: {
        'detect-now': { type: 'boolean' },
        'skip-stall': { type: 'boolean' },
        'skip-pulse': { type: 'boolean' },
        'skip-redirect': { type: 'boolean' },
        quick: { type: 'boolean' },
        heartbeats: { type: 'string' },
        timeout: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError('There is an option that does not exist, or one without its value.');
  }
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError('The URL must begin with http:// or https://, as in https://example.com');
  }
  if (url.username || url.password) throw new UsageError('The URL must hold no credentials.');
  if (/[?#]/.test(text)) throw new UsageError('The URL must have neither a query nor a fragment.');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function checkedKey(key: string | undefined): string {
  const trimmed = key?.trim() ?? '';
  if (trimmed === '') throw new UsageError('Which key? Set VERIFY_API_KEY, or name it after the URL.');
  if (!KEY_SHAPE.test(trimmed)) throw new UsageError('The key is not shaped like one: a UUID, version 4.');
  return trimmed;
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(`${name} must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}
