import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { slashed } from './slashed.ts';

interface Replacement {
  readonly name: string;
  readonly source: RegExp;
  /** The files whose question for it is answered so; all where it is left out. */
  readonly from?: RegExp;
  /** Where a `require` asks for it: an `import` looks for names, and this has none before it is asked. */
  readonly required?: true;
  readonly code: string;
}

const LEANER_METADATA = join(import.meta.dirname, '../../src/lambda/leaner-metadata.ts');

export const REPLACEMENTS: readonly Replacement[] = [
  {
    name: 'url',
    // Node's own URL in place of one written in JavaScript, which carries a table of all that Unicode knows of names.
    source: /^whatwg-url$/,
    code: 'export const { URL, URLSearchParams } = globalThis;',
  },
  {
    name: 'schema-compilers',
    // No route has a schema of Fastify's: the contract's are checked by the pipe. So its compilers are never asked.
    source: /^@fastify\/(ajv-compiler|fast-json-stringify-compiler)$/,
    code: `module.exports = () => () => { throw new Error('Fastify compiles no schemas here'); };`,
  },
  {
    name: 'metadata',
    source: /^reflect-metadata$/,
    code: `import { leanerMetadata } from ${JSON.stringify(LEANER_METADATA)}; Object.assign(Reflect, leanerMetadata);`,
  },
  {
    name: 'middleware',
    // There is no middleware, and this brings a second router for it.
    source: /^@fastify\/middie$/,
    code: 'export default async () => {};',
  },
  {
    name: 'versions',
    // It compares the versions that plugins ask for with Fastify's, which were settled when the bundle was built.
    source: /^semver$/,
    from: /\/fastify\//,
    code: 'exports.satisfies = () => true;',
  },
  {
    name: 'safe-expressions',
    // It guards against routes with slow regular expressions. No route has any.
    source: /^safe-regex2$/,
    code: 'module.exports = () => true;',
  },
  {
    name: 'other-servers',
    // A function listens on nothing, so that Fastify makes none of these.
    source: /^node:(https|http2)$/,
    from: /\/fastify\/lib\/server\.js$/,
    code: '',
  },
  {
    name: 'callers',
    // Where pino was called from matters only to transports, which are threads. The log writes by itself.
    source: /^\.\/lib\/caller$/,
    from: /\/pino\/pino\.js$/,
    code: 'module.exports = () => [];',
  },
  {
    name: 'transports',
    source: /^\.\/(lib\/)?transport$/,
    from: /\/pino\//,
    code: `module.exports = () => { throw new Error('pino has no transports here'); };`,
  },
  {
    name: 'assertions',
    // What is asserted at a start is true, and Node's report of what is not takes a dozen of its modules.
    source: /^(node:)?assert$/,
    required: true,
    code: `
      const whole = () => process.getBuiltinModule('node:assert');
      const assert = (value, ...message) => { if (!value) whole().ok(value, ...message); };
      module.exports = new Proxy(assert, { get: (_, name) => (name === 'ok' ? assert : whole()[name]) });`,
  },
  {
    name: 'compression',
    // The driver compresses what it sends where the address of the database says so.
    source: /^(node:)?zlib$/,
    required: true,
    code: `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('node:zlib')[name] });`,
  },
  {
    name: 'stopwatch',
    // What is asked for is there anyway; the rest of the module observes what nobody looks at.
    source: /^(node:)?perf_hooks$/,
    code: 'export const { performance } = globalThis;',
  },
  {
    name: 'threads',
    source: /^worker_threads$/,
    from: /\/pino\//,
    code: 'exports.isMainThread = true;',
  },
];

/** Puts a few lines in the place of modules that a function has no use for. */
export function replacedModules(): Plugin {
  const codes = new Map(REPLACEMENTS.map((replacement) => [idOf(replacement), replacement.code]));
  return {
    name: 'replaced-modules',
    resolveId(asked, importer = '', { kind }) {
      const found = REPLACEMENTS.find(
        ({ source, from, required }) =>
          source.test(asked) && (from?.test(slashed(importer)) ?? true) && (!required || kind === 'require-call'),
      );
      return found ? idOf(found) : null;
    },
    load: (id) => codes.get(id) ?? null,
  };
}

export const idOf = ({ name }: Replacement): string => `\0replaced/${name}.js`;
