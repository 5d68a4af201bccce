// `node --import tools/typescript-loader.ts`: runs the workspace's TypeScript as it is, decorators and their
// metadata included. Node's own type stripping refuses decorators, and other loaders drop the metadata on
// which dependency injection rests.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';

const options = {
  target: 'es2023',
  sourcemap: true,
  assumptions: { setPublicClassFields: true },
  decorator: { legacy: true, emitDecoratorMetadata: true },
  typescript: { onlyRemoveTypeImports: true, removeClassFieldsWithoutInitializer: true },
};

process.setSourceMapsEnabled(true);

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('file:') || !/\.ts(\?|$)/.test(url)) return nextLoad(url, context);
    const path = fileURLToPath(url);
    const { code, map, errors } = transformSync(path, readFileSync(path, 'utf8'), options);
    if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map((error) => error.message).join('\n')}`);
    const inlineMap = Buffer.from(JSON.stringify(map)).toString('base64');
    return {
      format: 'module',
      shortCircuit: true,
      source: `${code}\n//# sourceMappingURL=data:application/json;base64,${inlineMap}`,
    };
  },
});
