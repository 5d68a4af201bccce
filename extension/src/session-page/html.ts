/** Text that is safe inside an HTML document. Only `html` and `joined` make it. */
export class Html {
  readonly #text: string;

  constructor(literal: string) {
    this.#text = literal;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = Html | string | number;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that change the direction of writing, and control characters other than line breaks and tabs. */
const DECEIVING = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu;

/** Whatever is put in is escaped, unless it is HTML already. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = literals.reduce((before, literal, index) => {
    const part = parts[index - 1] ?? '';
    return before + (part instanceof Html ? String(part) : escaped(String(part))) + literal;
  });
  return new Html(text);
}

export const NOTHING = new Html('');

export function joined(parts: readonly Html[]): Html {
  return new Html(parts.join(''));
}

function escaped(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(DECEIVING, '')
    .replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}
