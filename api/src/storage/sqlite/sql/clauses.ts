import type { SQLInputValue } from 'node:sqlite';
import type { Metadata } from '@claude-projects/shared/contract';
import type { Page } from '../../storage.ts';
import type { Parameters } from '../engine/connection.ts';
import { type FieldValue, toStored } from './values.ts';

/** Fragments of SQL, all of them literals of this adapter, with the values they refer to kept apart. */
export class Clauses {
  readonly #fragments: string[] = [];
  readonly parameters: Parameters = {};

  add(fragment: string, parameters: Parameters = {}): this {
    this.#fragments.push(fragment);
    Object.assign(this.parameters, parameters);
    return this;
  }

  /** Leaves the condition out where it is not asked. */
  addIf(value: FieldValue | undefined, fragment: string, name: string): this {
    return value === undefined ? this : this.add(fragment, { [name]: toStored(value) });
  }

  get where(): string {
    return this.#fragments.length === 0 ? '' : `WHERE ${this.#fragments.join(' AND ')}`;
  }

  get set(): string {
    return `SET ${this.#fragments.join(', ')}`;
  }
}

/** Assigns the given fields; only names in `columns` ever reach the SQL. */
export function assignments<Column extends string>(
  columns: readonly Column[],
  given: { readonly [Name in Column]?: FieldValue | undefined },
  mergeMetadata: Metadata | undefined,
): Clauses {
  const clauses = new Clauses();
  for (const column of columns) clauses.addIf(given[column], `${column} = :${column}`, column);
  return clauses.addIf(mergeMetadata, 'metadata = merge_metadata(metadata, :metadata_patch)', 'metadata_patch');
}

/** A parameter for each; none at all matches nothing. */
export function statusGuard(clauses: Clauses, statuses: readonly string[] | undefined): Clauses {
  if (!statuses) return clauses;
  const named = statuses.map((status, index): [string, string] => [`guard_status_${index}`, status]);
  return clauses.add(`status IN (${named.map(([name]) => `:${name}`).join(', ')})`, Object.fromEntries(named));
}

export function pageParameters({ limit, offset }: Page): { limit: SQLInputValue; offset: SQLInputValue } {
  return { limit, offset };
}
