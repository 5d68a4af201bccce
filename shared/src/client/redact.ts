const MASK = '***';

export type Redact = (text: string) => string;

/** Takes the API key out of any text, as it is and percent-encoded: a server or proxy may echo what it was sent. */
export function createRedact(apiKey: string | undefined): Redact {
  if (apiKey === undefined) return (text) => text;
  const spellings = [apiKey, encodeURIComponent(apiKey)].map((spelling) =>
    spelling.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
  );
  const pattern = new RegExp(spellings.join('|'), 'gi');
  return (text) => text.replace(pattern, MASK);
}
