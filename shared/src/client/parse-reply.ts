import type * as z from 'zod/mini';
import type { ErrorDetail } from '../contract/errors.ts';
import type { ReplySchema, Route } from '../contract/route.ts';
import type { CallContext } from './call-context.ts';
import { contractError } from './contract-error.ts';
import { errorFromReply } from './error-from-reply.ts';
import { jsonOf, type RawReply } from './raw-reply.ts';
import { type Received, readTolerantly } from './tolerant.ts';

/** A route whose JSON replies all have the schema S, whatever the status. */
export interface JsonRoute<S extends z.ZodMiniType> extends Route {
  readonly replies: { readonly 200?: S; readonly 201?: S };
}

export interface ParsedReply<T> {
  readonly data: T;
  /** The first fault of each record of a list that was left out. */
  readonly unreadable: readonly ErrorDetail[];
}

/** Believes nothing: what no version of the API could have sent becomes a ContractError. */
export function parseJson<S extends z.ZodMiniType>(
  route: JsonRoute<S>,
  context: CallContext,
  reply: RawReply,
): ParsedReply<Received<S>> {
  const schema = schemaFor(route.replies, reply.status);
  if (!schema) throw errorFromReply(context, reply, Date.now());
  const json = jsonOf(reply.text);
  if (json === undefined) throw contractError(context, reply, 'it is not JSON');
  const reading = readTolerantly(schema, json);
  if ('data' in reading) return reading;
  const fields = reading.problems.slice(0, 5).map(({ field }) => context.redact(field) || 'the whole');
  throw contractError(context, reply, `wrong or missing: ${fields.join(', ')}`, reading.problems);
}

/** For replies without a body, and those that are text. */
export function expectReply(
  expected: Exclude<ReplySchema, z.ZodMiniType>,
  route: Route,
  context: CallContext,
  reply: RawReply,
): string {
  const declared = Object.entries(route.replies).some(
    ([status, schema]) => status === String(reply.status) && schema === expected,
  );
  if (!declared) throw errorFromReply(context, reply, Date.now());
  return reply.text;
}

function schemaFor<S extends z.ZodMiniType>(replies: JsonRoute<S>['replies'], status: number): S | undefined {
  if (status === 200) return replies[200];
  return status === 201 ? replies[201] : undefined;
}
