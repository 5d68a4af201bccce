import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { slashed } from './slashed.ts';

/**
 * What no start needs and no call that somebody waits for, of packages that cannot be taken apart: the jobs' schedules,
 * which the jobs read and the detailed health; ways to sign in that the guide does not speak of, files in the database,
 * encryption on this side of it, proxies, population of references.
 */
const SELDOM = [
  /\/cron\/dist\/.*\.js$/,
  /\/luxon\/build\/node\/luxon\.js$/,
  /\/socks\/build\/client\/socksclient\.js$/,
  /\/ip-address\/dist\/.*\.js$/,
  /\/smart-buffer\/build\/.*\.js$/,
  /\/@mongodb-js\/saslprep\/dist\/(code-points-data|memory-code-points)\.js$/,
  /\/mongodb\/lib\/(admin|change_stream|encrypter)\.js$/,
  /\/mongodb\/lib\/gridfs\/.*\.js$/,
  // mongoose passes on the class of one of them while it starts.
  /\/mongodb\/lib\/client-side-encryption\/(?!client_encryption\.js).*\.js$/,
  /\/mongodb\/lib\/cmap\/auth\/(gssapi|mongodb_aws|aws4|aws_temporary_credentials|mongodb_oidc)\.js$/,
  /\/mongodb\/lib\/cmap\/auth\/mongodb_oidc\/.*\.js$/,
  /\/mongodb\/lib\/cursor\/(change_stream|client_bulk_write|list_collections|list_search_indexes|run_command)_cursor\.js$/,
  /\/mongodb\/lib\/operations\/(client_bulk_write|search_indexes)\/.*\.js$/,
  /\/mongodb\/lib\/operations\/(create_collection|drop|list_collections|list_databases|profiling_level|rename|set_profiling_level|validate_collection)\.js$/,
  /\/mongoose\/lib\/helpers\/(populate|discriminator)\/.*\.js$/,
  /\/mongoose\/lib\/helpers\/query\/cast\$expr\.js$/,
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
      const exported = exportsOf(code);
      if (exported === undefined) return null;
      const name = path.slice(path.lastIndexOf('/node_modules/') + '/node_modules/'.length);
      kept.set(name, code);
      return { code: standIn(name, code, exported), moduleType: 'js' };
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
function standIn(name: string, code: string, exported: string): string {
  const asked = new Set(
    Array.from(code.matchAll(/\brequire\((["'`])(.+?)\1\)/g), ([, , path]) => JSON.stringify(path)),
  );
  const paths = Array.from(asked, (path) => `${path}: () => require(${path})`);
  return [
    `const { onDemand } = require(${JSON.stringify(LOADER)});`,
    `const load = onDemand(${JSON.stringify(name)}, { ${paths.join(', ')} });`,
    exported,
  ].join('\n');
}

/** Undefined where a module exports what cannot stand for it before it is loaded, such as a class. */
function exportsOf(code: string): string | undefined {
  const named = namedExports(code);
  if (named.length > 0) {
    const getters = named.map((name) => `${name}: { enumerable: true, get: () => load().${name} }`);
    return `Object.defineProperties(exports, { __esModule: { value: true }, ${getters.join(', ')} });`;
  }
  const isFunction = /\bmodule\.exports=(async )?function\b/.test(code) && !/\bmodule\.exports\./.test(code);
  return isFunction ? 'module.exports = function (...given) { return load().apply(this, given); };' : undefined;
}

function namedExports(code: string): string[] {
  const names = Array.from(code.matchAll(NAMED_EXPORT), ([, assigned, defined]) => assigned ?? defined ?? '');
  return [...new Set(names)].filter((name) => name !== '__esModule');
}

const NAMED_EXPORT = /\bexports\.(\w+)=(?!=)|\bObject\.defineProperty\(exports,["'`](\w+)["'`]/g;
