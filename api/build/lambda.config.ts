import { mkdirSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';
import server from './rolldown.config.ts';

const { output, ...options } = server;
if (Array.isArray(output)) throw new Error('the API is expected to be built into one file');

/** Each function has a directory to itself, since all that lies in it is deployed with it. */
const FUNCTIONS = {
  lambda: 'src/lambda/api.entry.ts',
  'detect-failures': 'src/lambda/detect-failures.entry.ts',
  cleanup: 'src/lambda/cleanup.entry.ts',
} as const;

export default defineConfig(
  Object.entries(FUNCTIONS).map(([name, input]) => ({
    ...options,
    input,
    plugins: [plainHttp(), withoutPage(), mapsApart(name)],
    output: { ...output, file: `dist/${name}/index.mjs`, sourcemap: 'hidden' as const },
  })),
);

/** A map is four times what it explains: it stays with whoever deploys, and is not unpacked at each cold start. */
function mapsApart(name: string): Plugin {
  return {
    name: 'maps-apart',
    writeBundle() {
      mkdirSync('dist/maps', { recursive: true });
      renameSync(`dist/${name}/index.mjs.map`, `dist/maps/${name}.mjs.map`);
    },
  };
}

/**
 * An `import` of node:http reads everything that it exports, and some of that are getters that load Node's whole
 * fetch, 30 ms of every cold start. The module is the same; only the getters are left alone.
 */
function plainHttp(): Plugin {
  const id = '\0plain-http';
  const names = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule('node:http')))
    .filter(([, { get }]) => get === undefined)
    .map(([name]) => name);
  return {
    name: 'plain-http',
    resolveId: (source, _importer, { kind }) =>
      kind === 'import-statement' && /^(node:)?http$/.test(source) ? { id, moduleSideEffects: false } : null,
    load: (asked) =>
      asked === id
        ? `const http = process.getBuiltinModule('node:http');\nexport default http;\nexport const { ${names.join(', ')} } = http;\n`
        : null,
  };
}

/** A function has no page of metrics that anybody could ask for again, and prom-client loads a part of Node with it. */
function withoutPage(): Plugin {
  return {
    name: 'without-page',
    resolveId: (source) =>
      source.endsWith('/prometheus-metrics.ts') ? resolve('src/lambda/no-prometheus-metrics.ts') : null,
  };
}
