import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CLIENT_VERSION, type ClientOptions, StateTrackingApiClient } from '../../src/client/index.ts';

const baseUrl = 'https://example.com';

describe('construction', () => {
  // As plain JavaScript would: types do not stop it.
  const construct = (options: unknown): unknown => Reflect.construct(StateTrackingApiClient, [options]);

  const refused: [unknown, RegExp][] = [
    [undefined, /^TypeError: options/],
    [{}, /^TypeError: baseUrl must be a string/],
    [{ baseUrl: 'example.com' }, /^TypeError: baseUrl/],
    [{ baseUrl: 'localhost:3000' }, /^TypeError: baseUrl must begin with http/],
    [{ baseUrl: '' }, /^TypeError: baseUrl/],
    [{ baseUrl: 'ftp://example.com' }, /^TypeError: baseUrl must begin with http/],
    [{ baseUrl: 'https://u:p@example.com' }, /^TypeError: baseUrl must not contain credentials/],
    [{ baseUrl: 'https://example.com/?a=1' }, /^TypeError: baseUrl must have neither/],
    [{ baseUrl: 'https://example.com/#top' }, /^TypeError: baseUrl must have neither/],
    [{ baseUrl: 'https://example.com/?' }, /^TypeError: baseUrl must have neither/],
    [{ baseUrl, apiKey: '' }, /^TypeError: apiKey must not be empty/],
    [{ baseUrl, apiKey: '  ' }, /^TypeError: apiKey must not be empty/],
    [{ baseUrl, apiKey: null }, /^TypeError: apiKey/],
    [{ baseUrl, apiKey: 'a\r\nX-Evil: 1' }, /^TypeError: apiKey must consist/],
    [{ baseUrl, apiKey: 'schlüssel' }, /^TypeError: apiKey must consist/],
    [{ baseUrl, timeoutMs: -1 }, /^RangeError: timeoutMs/],
    [{ baseUrl, timeoutMs: 0 }, /^RangeError: timeoutMs/],
    [{ baseUrl, timeoutMs: Number.NaN }, /^RangeError: timeoutMs/],
    [{ baseUrl, timeoutMs: Infinity }, /^RangeError: timeoutMs/],
    [{ baseUrl, timeoutMs: '5000' }, /^TypeError: timeoutMs/],
    [{ baseUrl, retries: -1 }, /^RangeError: retries/],
    [{ baseUrl, retries: 1.5 }, /^RangeError: retries must be a whole number/],
    [{ baseUrl, retries: Number.NaN }, /^RangeError: retries/],
    [{ baseUrl, retries: 'many' }, /^TypeError: retries/],
    [{ baseUrl, retries: null }, /^TypeError: retries/],
    [{ baseUrl, retries: { attempts: -1 } }, /^RangeError: retries\.attempts/],
    [{ baseUrl, retries: { baseDelayMs: -1 } }, /^RangeError: retries\.baseDelayMs/],
    [{ baseUrl, retries: { maxDelayMs: '9' } }, /^TypeError: retries\.maxDelayMs/],
    [{ baseUrl, signal: {} }, /^TypeError: signal/],
    [{ baseUrl, logger: () => {} }, /^TypeError: logger/],
    [{ baseUrl, logger: null }, /^TypeError: logger/],
    [{ baseUrl, adapter: 'xhr' }, /^TypeError: adapter/],
  ];
  for (const [options, expected] of refused) {
    it(`refuses ${JSON.stringify(options, (_, value: unknown) => (typeof value === 'number' ? String(value) : value))}`, () => {
      assert.throws(() => construct(options), expected);
    });
  }

  const accepted: ClientOptions[] = [
    { baseUrl },
    { baseUrl: 'http://127.0.0.1:3000/' },
    { baseUrl: 'http://[::1]:3000/prefix/' },
    { baseUrl, apiKey: undefined, retries: 0, timeoutMs: 1 },
    { baseUrl, retries: { maxDelayMs: 0 } },
  ];
  for (const options of accepted) {
    it(`accepts ${JSON.stringify(options)}`, () => {
      assert(new StateTrackingApiClient(options));
    });
  }

  it('tells the version of the package', () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    assert(typeof manifest === 'object' && manifest !== null && 'version' in manifest);
    assert.equal(CLIENT_VERSION, manifest.version);
  });
});
