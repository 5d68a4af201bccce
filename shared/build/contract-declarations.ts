import * as z from 'zod/mini';
import { UNKNOWN } from '../src/client/tolerant.ts';
import { ErrorDetail, ErrorReply } from '../src/contract/errors.ts';
import type { ReplySchema, Route } from '../src/contract/route.ts';
import { ROUTES } from '../src/contract/routes.ts';
import { OpenApiDocument } from '../src/contract/service-health.ts';
import { declarationOf, type JsonSchema, jsonSchemaOf } from './schema-types.ts';

const JSON_VALUE =
  'export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };\n';
const METADATA = 'export type Metadata = { [key: string]: JsonValue };\n';

/**
 * The contract's types, written out, by name. Its own are inferred from zod's, so that whoever used them would have
 * to install zod; a test proves these equal to those.
 */
export function contractDeclarations(): Map<string, string> {
  const declarations = new Map<string, string>([
    ['JsonValue', JSON_VALUE],
    ['Metadata', METADATA],
  ]);
  const declare = (name: string, schema: z.core.$ZodType, io: 'input' | 'output') => {
    const { $defs = {}, ...root } = jsonSchemaOf(schema, io);
    const ownId = root.$ref?.split('/').at(-1);
    const text = (name: string, schema: JsonSchema) =>
      declarationOf(name, io === 'output' && schema.properties ? received(schema, $defs) : schema);
    // What a type refers to has an id, and means the same in every type that refers to it.
    for (const [id, definition] of Object.entries($defs)) {
      if (id !== ownId) declarations.set(id, text(id, definition));
    }
    declarations.set(name, text(name, (ownId === undefined ? undefined : $defs[ownId]) ?? root));
  };
  // As the server writes them: no call returns one.
  declare('ErrorReply', ErrorReply, 'input');
  declare('ErrorDetail', ErrorDetail, 'input');
  declare('OpenApiDocument', OpenApiDocument, 'output');
  for (const [name, route] of routes()) {
    for (const reply of Object.values<ReplySchema>(route.replies)) {
      if (reply === null || reply === 'text' || reply === OpenApiDocument) continue;
      declare(idOf(reply), reply, 'output');
    }
    if (route.body) declare(`${capitalized(name)}Input`, route.body, 'input');
    if (route.query) declare(`${capitalized(name)}Query`, route.query, 'input');
  }
  return declarations;
}

/** As `Received` has it: in what comes back an enum may have grown. The enums themselves are what may be sent. */
function received(schema: JsonSchema, $defs: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const inner = (part: JsonSchema) => received(part, $defs);
  const referred = schema.$ref === undefined ? undefined : $defs[schema.$ref.split('/').at(-1) ?? ''];
  if (schema.enum || referred?.enum)
    return { ...schema, enum: undefined, anyOf: [schema, { const: UNKNOWN }], $ref: undefined };
  return {
    ...schema,
    ...(schema.items && { items: inner(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(inner) }),
    ...(schema.properties && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, inner(part)])),
    }),
  };
}

function routes(): [string, Route][] {
  return Object.entries(ROUTES);
}

function idOf(schema: z.core.$ZodType): string {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new Error('A reply has no id: give its schema one with z.meta');
  return id;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
