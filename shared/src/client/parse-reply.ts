import type * as z from 'zod/mini';
import type { ReplySchema, Route } from '../contract/route.ts';
import type { CallContext } from './call-context.ts';
import { contractError } from './contract-error.ts';
import { errorFromReply } from './error-from-reply.ts';
import { jsonOf, type RawReply } from './raw-reply.ts';

/** A route whose JSON replies are all a T, whatever the status: the type is read off the route's schemas. */
export interface JsonRoute<T> extends Route {
  readonly replies: { readonly 200?: z.ZodMiniType<T>; readonly 201?: z.ZodMiniType<T> };
}

/** Believes nothing: what does not fit the schema of its status becomes a ContractError. */
export function parseJson<T>(route: JsonRoute<T>, context: CallContext, reply: RawReply): T {
  const schema = schemaFor(route.replies, reply.status);
  if (!schema) throw errorFromReply(context, reply, Date.now());
  const json = jsonOf(reply.text);
  if (json === undefined) throw contractError(context, reply, 'it is not JSON');
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({ field: path.map(String).join('.'), message }));
  const fields = details.slice(0, 5).map(({ field }) => context.redact(field) || 'the whole');
  throw contractError(context, reply, `wrong or missing: ${fields.join(', ')}`, details);
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

function schemaFor<T>(replies: JsonRoute<T>['replies'], status: number): z.ZodMiniType<T> | undefined {
  if (status === 200) return replies[200];
  return status === 201 ? replies[201] : undefined;
}
