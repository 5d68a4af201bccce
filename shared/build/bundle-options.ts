import { dirname, join, sep } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const NOTHING = 'lib/helpers/null.js';

/**
 * What axios brings for places the client never runs in and things it never sends, and what stands in for it. The
 * client sends text through fetch, so that axios' HTTP and XHR adapters, and with them proxies, redirects, forms,
 * progress and a MIME database, are dead weight: two thirds of a bundle.
 */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map([
  ['lib/adapters/http.js', NOTHING],
  ['lib/adapters/xhr.js', NOTHING],
  ['lib/platform/node/index.js', 'lib/platform/browser/index.js'],
  ['lib/cancel/CancelToken.js', NOTHING],
  // Of the parameters that axios would put into an address: the client makes its addresses itself.
  ['lib/core/assertParamsAcyclic.js', NOTHING],
  ['lib/core/createMultipartBody.js', NOTHING],
  ['lib/core/setFormDataHeaders.js', NOTHING],
  ['lib/helpers/AxiosURLSearchParams.js', NOTHING],
  ['lib/helpers/HttpStatusCode.js', NOTHING],
  ['lib/helpers/cookies.js', NOTHING],
  ['lib/helpers/estimateDataURLDecodedBytes.js', NOTHING],
  ['lib/helpers/formDataToJSON.js', NOTHING],
  ['lib/helpers/isURLSameOrigin.js', NOTHING],
  ['lib/helpers/speedometer.js', NOTHING],
  ['lib/helpers/throttle.js', NOTHING],
  ['lib/helpers/toFormData.js', NOTHING],
  ['lib/helpers/toURLEncodedForm.js', NOTHING],
]);

/** For every bundle that holds the client, the extension's too. */
export const slimAxios: Plugin = {
  name: 'slim-axios',
  setup(build) {
    const replaced = new Set<string>();
    build.onStart(() => replaced.clear());
    // Its CommonJS entry, which esbuild would take for `require`, is one block that nothing can be taken out of.
    build.onResolve({ filter: /^axios$/ }, async ({ importer, resolveDir }) => {
      const found = await build.resolve('axios/package.json', { kind: 'require-resolve', importer, resolveDir });
      return { path: join(dirname(found.path), 'index.js'), errors: found.errors, sideEffects: false };
    });
    build.onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ importer, path }) => {
      const root = axiosRoot(importer);
      if (root === undefined) return undefined;
      const file = join(dirname(importer), path)
        .slice(root.length + 1)
        .replaceAll(sep, '/');
      const replacement = REPLACEMENTS.get(file);
      if (replacement === undefined) return undefined;
      replaced.add(file);
      return { path: join(root, replacement), sideEffects: false };
    });
    // A new version of axios may have moved its files: better no bundle than one that has quietly doubled.
    build.onEnd(() => {
      if (replaced.size === 0) return undefined;
      const missed = [...REPLACEMENTS.keys()].filter((file) => !replaced.has(file));
      return {
        errors: missed.map((file) => ({ text: `axios has no ${file} any more: bring REPLACEMENTS up to date` })),
      };
    });
  },
};

/** Spread these into an esbuild configuration; its own entry points, format and output are left to it. */
export const CLIENT_BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  plugins: [slimAxios],
} satisfies BuildOptions;

function axiosRoot(importer: string): string | undefined {
  const marker = `${sep}node_modules${sep}axios${sep}`;
  const at = importer.lastIndexOf(marker);
  return at < 0 ? undefined : importer.slice(0, at + marker.length - 1);
}
