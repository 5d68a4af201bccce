import type { Plugin } from 'rolldown';

/** Node's own URL in place of one written in JavaScript, which carries a table of all that Unicode knows of names. */
const OWN_URL = 'export const { URL, URLSearchParams } = globalThis;\n';

/** No route has a schema of Fastify's: the contract's are checked by the pipe. So its compilers are never asked. */
const NO_COMPILER = `module.exports = () => () => { throw new Error('Fastify compiles no schemas here'); };\n`;

/**
 * Leaves out of a function's bundle what costs every cold start and does nothing there. docs/benchmarks.md says what
 * each part is worth.
 */
export function lightStart(): Plugin {
  const virtual = new Map([
    ['\0own-url', OWN_URL],
    ['\0no-compiler', NO_COMPILER],
    ['\0plain-http', plainHttp()],
  ]);
  return {
    name: 'light-start',
    resolveId(source, _importer, { kind }) {
      if (source === 'whatwg-url') return '\0own-url';
      if (COMPILERS.has(source)) return '\0no-compiler';
      const isImported = kind === 'import-statement' && HTTP.has(source);
      return isImported ? { id: '\0plain-http', moduleSideEffects: false } : null;
    },
    load: (id) => virtual.get(id) ?? null,
  };
}

const HTTP = new Set(['http', 'node:http']);
const COMPILERS = new Set(['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler']);

/**
 * An `import` of node:http reads everything that it exports, and some of that are getters that load Node's whole
 * fetch. The module is the same; only the getters are left alone.
 */
function plainHttp(): string {
  const names = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule('node:http')))
    .filter(([, descriptor]) => 'value' in descriptor)
    .map(([name]) => name);
  return (
    "const http = process.getBuiltinModule('node:http');\nexport default http;\n" +
    `export const { ${names.join(', ')} } = http;\n`
  );
}
