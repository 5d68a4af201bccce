import * as z from 'zod/mini';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** The part of JSON Schema that the contract's requests are made of. */
const JsonSchema = z.object({
  $ref: z.optional(z.string()),
  type: z.optional(z.string()),
  format: z.optional(z.string()),
  enum: z.optional(z.array(z.string())),
  description: z.optional(z.string()),
  default: z.optional(Scalar),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  minLength: z.optional(z.number()),
  maxLength: z.optional(z.number()),
  required: z.optional(z.array(z.string())),
  get anyOf() {
    return z.optional(z.array(JsonSchema));
  },
  get items() {
    return z.optional(JsonSchema);
  },
  get properties() {
    return z.optional(z.record(z.string(), JsonSchema));
  },
  get $defs() {
    return z.optional(z.record(z.string(), JsonSchema));
  },
});
type JsonSchema = z.output<typeof JsonSchema>;

export interface Field {
  readonly name: string;
  readonly required: boolean;
  /** What it is, in a few words. */
  readonly kind: string;
  readonly description: string;
}

export interface Request {
  readonly fields: readonly Field[];
  readonly description: string | undefined;
}

/** What a request may carry, field by field. */
export function requestOf(schema: z.ZodMiniType): Request {
  const { $defs = {}, ...named } = JsonSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const { properties = {}, required = [], description } = definitionOf(named, $defs) ?? named;
  const fields = Object.entries(properties).map(([name, field]) => ({
    name,
    required: required.includes(name),
    kind: kindOf(field, $defs),
    // Two underscores on each side would be read as bold.
    description: descriptionOf(field).replaceAll(/__\w+__/g, '`$&`'),
  }));
  return { fields, description };
}

function definitionOf({ $ref }: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema | undefined {
  return $ref === undefined ? undefined : definitions[$ref.replace('#/$defs/', '')];
}

function kindOf(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): string {
  const definition = definitionOf(schema, definitions);
  if (definition !== undefined) return kindOf(definition, definitions);
  if (schema.anyOf) return schema.anyOf.map((one) => kindOf(one, definitions)).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `list of ${schema.items ? kindOf(schema.items, definitions) : 'anything'}`;
  if (schema.format === 'uuid') return 'UUID';
  if (schema.format === 'date-time') return 'time';
  const { minimum, maximum, maxLength } = schema;
  if (schema.type === 'integer') return `${minimum ?? '…'} to ${maximum ?? '…'}`;
  if (schema.type === 'string') return maxLength === undefined ? 'text' : `text, up to ${maxLength}`;
  return schema.type ?? 'anything';
}

function descriptionOf({ description = '', anyOf, default: value }: JsonSchema): string {
  const said = description === '' ? (anyOf?.map(descriptionOf).find((text) => text !== '') ?? '') : description;
  return [said, value === undefined ? '' : `Default: \`${String(value)}\`.`].filter((text) => text !== '').join(' ');
}
