import { maskKey } from '../auth/api-key.ts';
import type { Configuration } from '../config/configuration.ts';

/** User and password of any MongoDB address, up to the last @ before its hosts end: passwords may hold one too. */
const CREDENTIALS = /(mongodb(?:\+srv)?:\/\/)[^\s/]*@/gi;

/** A shorter one would also hit words that are no secret; in an address it is found all the same. */
const SHORTEST_PASSWORD = 8;

export type Redact = (text: string) => string;

/** What must never be shown, as far as this process knows it. */
export function secretsOf({ apiKeys, mongodbUri }: Pick<Configuration, 'apiKeys' | 'mongodbUri'>): string[] {
  return [...apiKeys, ...passwordsOf(mongodbUri)];
}

/**
 * Takes secrets out of text that was not written with care, such as the message of a driver's error or a path
 * that somebody asked for. It sees whole lines of JSON, so a secret is also looked for as JSON spells it.
 */
export function redactor(secrets: readonly string[]): Redact {
  const spellings = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
  const known = [...spellings].filter((secret) => secret !== '').map((secret) => escaped(secret));
  const withoutCredentials: Redact = (text) => text.replace(CREDENTIALS, '$1***@');
  if (known.length === 0) return withoutCredentials;
  // Keys are valid in either case, so they are secret in either.
  const pattern = new RegExp(known.join('|'), 'gi');
  return (text) => withoutCredentials(text).replace(pattern, (secret) => masked(secret));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function masked(secret: string): string {
  const key = maskKey(secret);
  return key === '(malformed)' ? '***' : key;
}

function passwordsOf(uri: string | undefined): string[] {
  const userInfo = /^mongodb(?:\+srv)?:\/\/([^\s/]*)@/i.exec(uri ?? '')?.[1] ?? '';
  const password = userInfo.slice(userInfo.indexOf(':') + 1);
  return [password, decoded(password)].filter((text) => text.length >= SHORTEST_PASSWORD);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
