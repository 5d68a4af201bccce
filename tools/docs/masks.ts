const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const ID = /\b[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/g;
const ETAG = /W?\/?"[\w+/=-]{8,}"/g;
/** How long something took, how much memory there is: different each time, and not the point. */
const MEASURED = /(_ms|_seconds|_bytes|_mb)$|^uptime$/;

/**
 * The same for two replies that differ only in what differs each time: times, measured numbers, and ids that the
 * server made. Ids that the commands name are kept: which session is told of does matter.
 */
export function masked(output: string, named: ReadonlySet<string>): string {
  const text = output.trim();
  const json = parseJson(text);
  const plain = json === undefined ? text : JSON.stringify(json.value, (key, value: unknown) => unmeasured(key, value));
  return plain
    .replaceAll(TIME, '<time>')
    .replaceAll(ID, (id) => (named.has(id) ? id : '<id>'))
    .replaceAll(ETAG, (tag) => (json === undefined ? '<etag>' : tag));
}

export function idsIn(text: string): ReadonlySet<string> {
  return new Set(text.match(ID));
}

/** JSON as a person would lay it out: on one line what fits there. Other text as it is. */
export function laidOut(output: string): string {
  const json = parseJson(output.trim());
  return json === undefined ? output.trim() : layOut(json.value, '');
}

const WIDTH = 100;

function layOut(value: unknown, indent: string): string {
  const short = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + short.length <= WIDTH) return short;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${layOut(item, inner)}`)
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${layOut(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function unmeasured(key: string, value: unknown): unknown {
  return typeof value === 'number' && MEASURED.test(key) ? '<measured>' : value;
}

function parseJson(text: string): { value: unknown } | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}
