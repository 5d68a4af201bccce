import type { Plugin } from 'rolldown';
import { parseSync, Visitor } from 'rolldown/utils';

/**
 * Puts quotes around the strings that the minifier puts into backquotes: V8 reads what stands in those twice, as it is
 * written and as it is meant. No line gets longer or shorter, so that the map still holds.
 */
export function plainStrings(): Plugin {
  return {
    name: 'plain-strings',
    generateBundle(_options, bundle) {
      for (const part of Object.values(bundle)) {
        if (part.type === 'chunk') part.code = withPlainStrings(part.fileName, part.code);
      }
    },
  };
}

export function withPlainStrings(file: string, code: string): string {
  const given = parseSync(file, code);
  const tagged = new Set<number>();
  const quoted: string[] = [];
  let upTo = 0;
  new Visitor({
    TaggedTemplateExpression: ({ quasi }) => {
      tagged.add(quasi.start);
    },
    TemplateLiteral: ({ start, end, expressions }) => {
      const text = code.slice(start + 1, end - 1);
      const quote = quoteFor(text);
      if (expressions.length > 0 || tagged.has(start) || quote === undefined) return;
      quoted.push(code.slice(upTo, start), quote, text, quote);
      upTo = end;
    },
  }).visit(given.program);
  return quoted.join('') + code.slice(upTo);
}

/** Undefined where quotes would change what is meant. */
function quoteFor(text: string): string | undefined {
  if (/[\\\r\n\u2028\u2029]/.test(text)) return undefined;
  return ['"', "'"].find((quote) => !text.includes(quote));
}
