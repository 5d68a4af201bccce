import type { ErrorDetail } from '../contract/errors.ts';
import { type CallContext, callName } from './call-context.ts';
import { ContractError } from './errors.ts';
import type { RawReply } from './raw-reply.ts';

/** The body itself is never repeated: it may be a page of megabytes, and nobody knows what is in it. */
export function contractError(
  context: CallContext,
  reply: Partial<RawReply>,
  reason: string,
  details: readonly ErrorDetail[] = [],
): ContractError {
  const facts = [reply.status === undefined ? [] : `status ${reply.status}`, reply.contentType ?? []].flat().join(', ');
  return new ContractError(
    `${callName(context)}: what came back is not a Claude Projects API reply${facts && ` (${context.redact(facts)})`}: ${reason}. Does baseUrl lead to the right server, of a compatible version?`,
    {
      code: 'CONTRACT_VIOLATION',
      status: reply.status,
      requestId: context.redact(reply.requestId ?? context.requestId),
      details: details.map(({ field, message }) => ({
        field: context.redact(field),
        message: context.redact(message),
      })),
    },
  );
}
