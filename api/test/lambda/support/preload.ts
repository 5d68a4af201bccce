// `node --import preload.ts …/aws-lambda-ric/index.mjs index.handler`: AWS's runtime client without its compiled part.
import { registerHooks } from 'node:module';

const STAND_IN = new URL('native-client.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === './rapid-client.node'
      ? { url: STAND_IN, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
