import { contractDeclarations } from './contract-declarations.ts';
import { emitDeclarations } from './emit-declarations.ts';

/** In place of axios' own type, which would have everyone install axios. */
const ADAPTER = `/** How requests leave: by the runtime's fetch, or through a function in the shape of an axios adapter. */
export type ClientAdapter = 'fetch' | ((config: any) => Promise<any>);
`;

/**
 * One declaration file that needs no other: the public declarations of the client's source, and all they refer to.
 * Nothing is left to be resolved, so that it serves ES modules and CommonJS alike.
 */
export async function clientDeclarations(): Promise<string> {
  const emitted = await emitDeclarations();
  const index = emitted.get('index') ?? '';
  emitted.delete('index');
  // Their types are inferred from the contract's schemas; the contract's declarations hold them written out.
  emitted.delete('inputs');
  emitted.delete('records');
  const contract = contractDeclarations();
  const declarations = new Map(contract);
  for (const text of emitted.values()) {
    for (const [name, declaration] of declarationsIn(text)) declarations.set(name, declaration);
  }
  declarations.set('ClientAdapter', ADAPTER);
  const reachable = reachableFrom([...contract.keys(), ...exportedNames(index)], declarations);
  return `${[...reachable].map((name) => declarations.get(name)).join('\n')}\nexport {};\n`;
}

/** Top-level declarations, each with the comment above it. */
function declarationsIn(text: string): Map<string, string> {
  const statements = text.split(/^(?=\/\*\*|(?:export|declare|import|type|interface)\b)/m);
  const declarations = new Map<string, string>();
  let comment = '';
  for (const statement of statements) {
    if (statement.startsWith('/**')) {
      comment = statement;
      continue;
    }
    const name = /^(?:export )?(?:declare )?(?:class|interface|type|const|function) (\w+)/.exec(statement)?.[1];
    if (name !== undefined) declarations.set(name, comment + statement);
    comment = '';
  }
  return declarations;
}

function exportedNames(index: string): string[] {
  return [...index.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    list.split(',').flatMap((item) => item.replace('type ', '').trim() || []),
  );
}

function reachableFrom(names: readonly string[], declarations: ReadonlyMap<string, string>): Set<string> {
  const reachable = new Set<string>();
  const visit = (name: string) => {
    const declaration = declarations.get(name);
    if (declaration === undefined || reachable.has(name)) return;
    reachable.add(name);
    const code = declaration.replace(/\/\*\*[^]*?\*\//g, '');
    for (const [word] of code.matchAll(/\b[A-Za-z_]\w*\b/g)) visit(word);
  };
  for (const name of names) {
    if (!declarations.has(name)) throw new Error(`${name} is exported, but has no declaration`);
    visit(name);
  }
  return reachable;
}
