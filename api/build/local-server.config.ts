import { defineConfig } from 'rolldown';
import server from './rolldown.config.ts';

const { output, ...options } = server;
if (Array.isArray(output)) throw new Error('the API is expected to be built into one file');

/** What the extension ships: the same API over the embedded storage only, so without MongoDB's driver. */
export default defineConfig({
  ...options,
  input: 'src/local-server.ts',
  output: { ...output, file: 'dist/local-server.mjs' },
});
