import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { slashed } from './slashed.ts';

/**
 * What no start needs and no call that somebody waits for, of packages that cannot be taken apart: the jobs' schedules,
 * which the jobs read and the detailed health; ways to sign in that the guide does not speak of, files in the database,
 * encryption on this side of it, proxies, population of references, cursors, filters that are applied in memory,
 * a log that hides some of its fields or goes to several places.
 */
export const SELDOM = [
  /\/cron\/dist\/.*\.js$/,
  /\/luxon\/build\/node\/luxon\.js$/,
  /\/socks\/build\/.*\.js$/,
  /\/ip-address\/dist\/.*\.js$/,
  /\/smart-buffer\/build\/.*\.js$/,
  /\/@mongodb-js\/saslprep\/dist\/(index|code-points-data|memory-code-points)\.js$/,
  /\/(memory-pager|sparse-bitfield)\/index\.js$/,
  /\/mongodb\/lib\/(admin|change_stream|encrypter)\.js$/,
  /\/mongodb\/lib\/gridfs\/.*\.js$/,
  // mongoose passes on the class of one of them while it starts.
  /\/mongodb\/lib\/client-side-encryption\/(?!client_encryption\.js).*\.js$/,
  /\/mongodb\/lib\/cmap\/auth\/(gssapi|mongodb_aws|aws4|aws_temporary_credentials|mongodb_oidc)\.js$/,
  /\/mongodb\/lib\/cmap\/auth\/mongodb_oidc\/.*\.js$/,
  /\/mongodb\/lib\/cursor\/(change_stream|client_bulk_write|list_collections|list_search_indexes|run_command)_cursor\.js$/,
  /\/mongodb\/lib\/operations\/(client_bulk_write|search_indexes)\/.*\.js$/,
  /\/mongodb\/lib\/operations\/(create_collection|drop|list_collections|list_databases|profiling_level|rename|set_profiling_level|validate_collection)\.js$/,
  /\/mongoose\/lib\/cursor\/(query|aggregation)Cursor\.js$/,
  /\/mongoose\/lib\/helpers\/(populate|discriminator)\/(?!leanPopulateMap|splitPopulateQuery|applyEmbeddedDiscriminators).*\.js$/,
  /\/mongoose\/lib\/helpers\/(aggregate|cursor)\/.*\.js$/,
  /\/mongoose\/lib\/helpers\/query\/cast\$expr\.js$/,
  /\/sift\/lib\/index\.js$/,
  /\/find-my-way\/lib\/(compiler|pretty-print)\.js$/,
  /\/@pinojs\/redact\/index\.js$/,
  /\/pino\/lib\/(multistream|redaction)\.js$/,
];

/**
 * Keeps modules in a file beside the bundle, which is read when somebody uses what one of them exports. They are not
 * left out, so that nothing is missing where they are needed after all.
 */
export function onDemand(): Plugin {
  const kept = new Map<string, string>();
  return {
    name: 'on-demand',
    resolveId: (asked) => (asked === LOADER ? LOADER : null),
    load(id) {
      if (id === LOADER) return LOADER_CODE;
      const path = slashed(id);
      if (!SELDOM.some((pattern) => pattern.test(path))) return null;
      const code = minified(id);
      const name = path.slice(path.lastIndexOf('/node_modules/') + '/node_modules/'.length);
      kept.set(name, code);
      return { code: standIn(name, code), moduleType: 'js' };
    },
    generateBundle() {
      // Modules are loaded in no order, and what is built twice is to be the same.
      const source = JSON.stringify(Object.fromEntries([...kept].sort(([one], [other]) => (one < other ? -1 : 1))));
      this.emitFile({ type: 'asset', fileName: FILE, source });
    },
  };
}

const FILE = 'seldom.json';
const LOADER = '\0on-demand';

const LOADER_CODE = `
import { readFileSync } from 'node:fs';
let kept;
export const onDemand = (name, asked) => {
  let module;
  return () => {
    if (module === undefined) {
      module = { exports: {} };
      kept ??= JSON.parse(readFileSync(new URL('${FILE}', import.meta.url), 'utf8'));
      const run = new Function('module', 'exports', 'require', kept[name] + '\\n//# sourceURL=${FILE}/' + name);
      run(module, module.exports, (path) => asked[path]());
    }
    return module.exports;
  };
};`;

function minified(file: string): string {
  const { code, errors } = minifySync(file, readFileSync(file, 'utf8'), { module: false });
  if (errors.length > 0) throw new Error(`${file} cannot be kept for later`, { cause: errors });
  return code;
}

/** A module with the same exports, which loads the one of that name when one of them is read or called. */
function standIn(name: string, code: string): string {
  const asked = new Set(
    Array.from(code.matchAll(/\brequire\((["'`])(.+?)\1\)/g), ([, , path]) => JSON.stringify(path)),
  );
  const paths = Array.from(asked, (path) => `${path}: () => require(${path})`);
  return [
    `const { onDemand } = require(${JSON.stringify(LOADER)});`,
    `const load = onDemand(${JSON.stringify(name)}, { ${paths.join(', ')} });`,
    exportsOf(code),
  ].join('\n');
}

/** What a module exports, which loads it when some of it is read or called. */
function exportsOf(code: string): string {
  const named = namedExports(code);
  if (named.length > 0) {
    const properties = named.map((name) => `${name}: { enumerable: true, ${exportOf(name, code)} }`);
    const marked = code.includes('__esModule') ? ['__esModule: { value: true }'] : [];
    return `Object.defineProperties(exports, { ${[...marked, ...properties].join(', ')} });`;
  }
  if (exportsFunction(code)) return `module.exports = ${calling('load()')};`;
  // Nothing can stand for it, so that it is loaded with the first module that asks for it.
  return 'module.exports = load();';
}

/** A function can be taken out of what is exported before anybody calls it. */
function exportOf(name: string, code: string): string {
  return declaresFunction(name, code) ? `value: ${calling(`load().${name}`)}` : `get: () => load().${name}`;
}

function calling(loaded: string): string {
  return `function (...given) {
    return new.target ? Reflect.construct(${loaded}, given) : ${loaded}.apply(this, given);
  }`;
}

function namedExports(code: string): string[] {
  const [, listed] = /\bmodule\.exports=\{([\w,]+)\}/.exec(code) ?? [];
  if (listed !== undefined) return listed.split(',');
  const names = Array.from(code.matchAll(NAMED_EXPORT), ([, assigned, defined]) => assigned ?? defined ?? '');
  return [...new Set(names)].filter((name) => name !== '__esModule');
}

function exportsFunction(code: string): boolean {
  if (/\bmodule\.exports\./.test(code)) return false;
  const [, name] = /\bmodule\.exports=(\w+)[;,]/.exec(code) ?? [];
  return name === undefined ? /\bmodule\.exports=(async )?function\b/.test(code) : declaresFunction(name, code);
}

/** A function that is nothing but called: without properties of its own, but for what its instances inherit. */
function declaresFunction(name: string, code: string): boolean {
  return new RegExp(`\\bfunction ${name}\\(`).test(code) && !new RegExp(`\\b${name}\\.(?!prototype\\b)`).test(code);
}

const NAMED_EXPORT = /\bexports\.(\w+)=(?!=)|\bObject\.defineProperty\(exports,["'`](\w+)["'`]/g;
