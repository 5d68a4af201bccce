import * as z from 'zod/mini';

/** As much of JSON Schema as the contract's schemas turn into. */
const JsonSchema = z.looseObject({
  $ref: z.optional(z.string()),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  const: z.optional(z.unknown()),
  enum: z.optional(z.array(z.unknown())),
  get anyOf() {
    return z.optional(z.array(JsonSchema));
  },
  get items() {
    return z.optional(JsonSchema);
  },
  get properties() {
    return z.optional(z.record(z.string(), JsonSchema));
  },
  get additionalProperties() {
    return z.optional(z.union([z.boolean(), JsonSchema]));
  },
  get $defs() {
    return z.optional(z.record(z.string(), JsonSchema));
  },
  required: z.optional(z.array(z.string())),
  description: z.optional(z.string()),
  default: z.optional(z.unknown()),
});
export type JsonSchema = z.output<typeof JsonSchema>;

/** `input`: what a caller may send, defaults left out; `output`: what comes back. */
export function jsonSchemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
  // Checks made by hand, as of metadata, say in their own words what they let through.
  return JsonSchema.parse(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
}

/** `export interface Name {…}` for an object, else `export type Name = …`, with its description above it. */
export function declarationOf(name: string, schema: JsonSchema): string {
  const comment = commentOf(schema, '');
  return schema.properties
    ? `${comment}export interface ${name} ${typeOf(schema)}\n`
    : `${comment}export type ${name} = ${typeOf(schema)};\n`;
}

function typeOf(schema: JsonSchema, indent = ''): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((option) => typeOf(option, indent)).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type }, indent)).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return `Array<${typeOf(schema.items ?? {}, indent)}>`;
    case 'object':
      return schema.properties ? objectOf(schema, indent) : mapOf(schema, indent);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`There is no TypeScript for the JSON Schema type ${schema.type}`);
  }
}

function objectOf(schema: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const required = new Set(schema.required);
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const type = typeOf(property, inner);
    const member = required.has(name) ? `${name}: ${type}` : `${name}?: ${type} | undefined`;
    return `${commentOf(property, inner)}${inner}${member};`;
  });
  // Objects that may hold more than is declared.
  if (typeof schema.additionalProperties === 'object') lines.push(`${inner}[key: string]: unknown;`);
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

/** `additionalProperties: true` is how the contract spells free metadata. */
function mapOf(schema: JsonSchema, indent: string): string {
  if (typeof schema.additionalProperties !== 'object') return 'Metadata';
  return `Record<string, ${typeOf(schema.additionalProperties, indent)}>`;
}

function commentOf(schema: JsonSchema, indent: string): string {
  const standard = schema.default === undefined ? [] : [`Default: ${JSON.stringify(schema.default)}.`];
  const text = [schema.description ?? [], standard].flat().join(' ');
  return text === '' ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
