import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

/**
 * Takes Node's modules from Node at once. An `import` of them is a module of its own that reads all they export, and
 * some of that are getters behind which Node loads its whole fetch, its parser of arguments and more; a `require` goes
 * through the search for packages.
 */
export function ownBuiltins(): Plugin {
  return {
    name: 'own-builtins',
    resolveId(source, _importer, { kind }) {
      // The bundler's own code imports this one before any module can run.
      if (!isBuiltin(source) || (source === 'node:module' && kind === 'import-statement')) return null;
      const name = source.replace(/^node:/, '');
      if (kind === 'import-statement') return { id: `${IMPORTED}${name}`, moduleSideEffects: false };
      return kind === 'require-call' ? { id: `${REQUIRED}${name}`, moduleSideEffects: false } : null;
    },
    load(id) {
      if (id.startsWith(IMPORTED)) return { code: asImport(id.slice(IMPORTED.length)), moduleType: 'js' };
      if (!id.startsWith(REQUIRED)) return null;
      return { code: `module.exports = ${taken(id.slice(REQUIRED.length))};`, moduleType: 'js' };
    },
  };
}

const IMPORTED = '\0imported-builtin:';
const REQUIRED = '\0required-builtin:';

const taken = (name: string) => `process.getBuiltinModule(${JSON.stringify(`node:${name}`)})`;

/** Each name is read only where somebody imports it; the bundler drops the others. */
function asImport(name: string): string {
  const names = Object.keys(process.getBuiltinModule(`node:${name}`) ?? {}).filter((key) => key !== 'default');
  return [
    `const builtin = /* @__PURE__ */ ${taken(name)};`,
    'export default builtin;',
    ...names.map((key, index) => `const own${index} = /* @__PURE__ */ Reflect.get(builtin, ${JSON.stringify(key)});`),
    `export { ${names.map((key, index) => `own${index} as ${key}`).join(', ')} };`,
  ].join('\n');
}
