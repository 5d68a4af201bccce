import type { Localize } from '../platform/localize.ts';

export type CheckedBaseUrl =
  | { readonly ok: true; readonly baseUrl: string }
  | { readonly ok: false; readonly message: string };

/** Names of this machine itself: what is sent there leaves it on no wire. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Where the key may be sent. No message repeats the value, which may hold a password; and nothing is mended, so that
 * the key never travels to a place that somebody meant only nearly.
 */
export function checkBaseUrl(value: string, localize: Localize): CheckedBaseUrl {
  const refuse = (message: string): CheckedBaseUrl => ({ ok: false, message });
  if (!/^https?:\/\/[^\s/\\]/.test(value) || !URL.canParse(value)) {
    return refuse(localize('must be a whole URL, as in https://claude-projects.example.com'));
  }
  const url = new URL(value);
  if (/\s/.test(value)) return refuse(localize('must not contain spaces'));
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/]*@/.test(value)) {
    return refuse(localize('must not contain a user name or password; run “Claude Projects: Set API Key” instead'));
  }
  if (/[?#]/.test(value)) return refuse(localize('must end with the path, without “?” or “#”'));
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return refuse(localize('must begin with https://: over plain http the API key could be read on the way'));
  }
  return { ok: true, baseUrl: url.origin + url.pathname.replace(/\/+$/, '') };
}
