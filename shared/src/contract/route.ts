import type * as z from 'zod/mini';
import type { ErrorCode } from './errors.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

type Schema = z.ZodMiniType;

/** `null`: a reply without a body; `'text'`: one that is not JSON. */
export type ReplySchema = Schema | null | 'text';

export interface Route {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: 'sessions' | 'tasks' | 'machines' | 'health' | 'operations';
  /** `docs`: public unless PUBLIC_DOCS=false, and always outside production. */
  readonly access: 'key' | 'public' | 'docs';
  readonly query?: Schema;
  readonly body?: Schema;
  readonly bodyOptional?: true;
  readonly replies: Readonly<Partial<Record<200 | 201 | 204, ReplySchema>>>;
  /** Supports If-None-Match: 304 while nothing changed. */
  readonly conditional?: true;
  readonly errors: readonly ErrorCode[];
  /**
   * Whether sending it twice does what sending it once does; a client may repeat only such a request when a
   * reply was lost. A string names the body field that makes it so when present: the client-made id.
   */
  readonly repeatable: true | 'session_id' | 'task_id' | 'machine_id';
}

type ParameterNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

export type PathParameters<R extends Route> = Record<ParameterNames<R['path']>, string>;

/** The types a route speaks: what is sent (`input`: defaults may be left out) and what comes back. */
export type QueryInput<R extends Route> = R extends { query: infer S extends Schema } ? z.input<S> : undefined;
export type BodyInput<R extends Route> = R extends { body: infer S extends Schema } ? z.input<S> : undefined;
type ReplyOf<S> = S extends Schema ? z.output<S> : S extends 'text' ? string : undefined;
export type Reply<R extends Route> = ReplyOf<R['replies'][keyof R['replies']]>;

/** The path with its parameters filled in and escaped. */
export function pathOf<R extends Route>(route: R, parameters: PathParameters<R>): string {
  const values: Record<string, string> = parameters;
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === '') throw new TypeError(`${name} must not be empty`);
    // "." and ".." survive escaping and would be resolved away as path segments by URL parsers.
    if (value === '.' || value === '..') throw new TypeError(`${name} must not be "${value}"`);
    return encodeURIComponent(value);
  });
}
