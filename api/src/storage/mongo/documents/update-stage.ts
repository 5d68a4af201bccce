import type { Metadata } from '@claude-projects/shared/contract';
import { metadataToStore } from './metadata-to-store.ts';

/** What a field becomes, as an expression over the document as it was. */
export type Assignments = Record<string, unknown>;

/** In a pipeline a text that begins with "$" would name a field: everything that is data goes in here. */
export function literal(value: unknown): { $literal: unknown } {
  return { $literal: value };
}

export function assignAll(values: Readonly<Record<string, unknown>>): Assignments {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([field, value]) => [field, literal(value)]));
}

/** Merges at the top level only, null being a value like any other. */
export function mergeInto(metadata: Metadata | undefined): Assignments {
  if (metadata === undefined) return {};
  return { metadata: { $mergeObjects: ['$metadata', literal(metadataToStore(metadata))] } };
}
