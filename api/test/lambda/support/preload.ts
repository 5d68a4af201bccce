// `node --import preload.ts …/aws-lambda-ric/index.mjs index.handler`: AWS's runtime client without its compiled part.
import { registerHooks } from 'node:module';
import { extname } from 'node:path';

/** Beside this file, and of its kind. */
const EXTENSION = extname(import.meta.url);
const STAND_IN = new URL(`native-client${EXTENSION}`, import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === './rapid-client.node'
      ? { url: STAND_IN, format: EXTENSION === '.ts' ? 'module-typescript' : 'module', shortCircuit: true }
      : next(specifier, context),
});
