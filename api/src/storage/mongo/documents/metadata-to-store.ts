import type { JsonValue, Metadata } from '@claude-projects/shared/contract';

type Storable = string | number | boolean | null | Storable[] | Map<string, Storable>;

/**
 * Metadata as maps. Of a plain object the driver asks whether it is one of its own types (`_bsontype`) or knows
 * how to turn itself into one; of a map it takes keys and values for what they are, whatever their names.
 */
export function metadataToStore(metadata: Metadata): Map<string, Storable> {
  return new Map(Object.entries(metadata).map(([key, value]) => [key, toStore(value)]));
}

function toStore(value: JsonValue): Storable {
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(toStore) : metadataToStore(value);
}
