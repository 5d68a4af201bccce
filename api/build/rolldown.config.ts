import { defineConfig } from 'rolldown';

/** Packages that NestJS tries to load and does without; none of them is installed. */
const optionalPeers = [
  /^@nestjs\/(microservices|websockets|platform-express)/,
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@fastify/cors',
  'class-transformer',
  'class-validator',
];

export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  tsconfig: './tsconfig.json',
  external: optionalPeers,
  output: {
    file: 'dist/server.mjs',
    format: 'esm',
    // One file that runs from an empty directory; class names stay, because injection goes by them.
    codeSplitting: false,
    minify: true,
    keepNames: true,
    sourcemap: true,
  },
});
