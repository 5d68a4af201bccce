import type { Plugin } from 'rolldown';
import { slashed } from './slashed.ts';

/** Packages of which the bundler can leave out what nobody uses, once it is told so. */
export function leanerPackages(): Plugin {
  return {
    name: 'leaner-packages',
    async resolveId(asked, importer, options) {
      const found = await this.resolve(asked, importer, { ...options, skipSelf: true });
      if (!found) return null;
      if (RXJS.test(asked)) return { id: asEsModule(found.id), moduleSideEffects: false };
      // To load a module of NestJS does nothing but to declare what it exports.
      return slashed(found.id).includes('/node_modules/@nestjs/') ? { id: found.id, moduleSideEffects: false } : null;
    },
  };
}

const RXJS = /^rxjs(\/operators)?$/;

/** NestJS uses a dozen of its operators. What Node finds first brings all of them. */
function asEsModule(found: string): string {
  const id = slashed(found);
  if (!id.includes('/dist/cjs/')) throw new Error(`${id} has changed: see to what a cold start costs`);
  return id.replace('/dist/cjs/', '/dist/esm/');
}
