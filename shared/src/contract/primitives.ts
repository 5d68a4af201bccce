import * as z from 'zod/mini';
import { DEFAULTS, LIMITS } from './limits.ts';

/**
 * Text a person or a program wrote. Lone surrogates and NUL are refused because no engine gives them back
 * as they came: what cannot be returned unchanged must not be acknowledged.
 */
export const text = (max: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(max),
    z.refine((value) => /\S/.test(value), { error: 'must not be blank' }),
    z.refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'must be well-formed Unicode without NUL characters',
    }),
  );

export const Uuid = z.uuid({ version: 'v4' }).check(z.meta({ description: 'A UUID, version 4.' }));

/** Every time in a reply: UTC with milliseconds, so that text order is time order. */
export const Timestamp = z.iso
  .datetime({ precision: 3 })
  .check(z.meta({ description: 'ISO 8601, UTC, with milliseconds.' }));

/** A time a client sends: any offset and precision; the server turns it into a `Timestamp`. */
export const OccurredAt = z.iso.datetime({ offset: true }).check(
  z.meta({
    description:
      'When it happened, for what is reported late. Refused if it lies more than 5 minutes in the future. Default: now.',
  }),
);

export const DockerSlot = z.int().check(z.minimum(0), z.maximum(LIMITS.dockerSlot));
export const ProjectId = text(LIMITS.idLength).check(z.meta({ description: 'The project the session works on.' }));
export const MachineId = text(LIMITS.idLength).check(z.meta({ description: 'The machine the session runs on.' }));
export const ErrorMessage = text(LIMITS.errorMessageLength);

const count = z.int().check(z.minimum(0));
export const Count = count;
export const Milliseconds = count;

/**
 * A number in a query. Query strings are text: it is read from decimal digits, and nothing else is a number. To
 * JavaScript many things are: `0x10`, `1e1`, and even a blank.
 */
export const queryNumber = (minimum: number, maximum: number) =>
  z
    .custom<number>((value) => /^\d+$/.test(String(value)), { error: 'must be a whole number, in decimal digits' })
    .check(z.overwrite(Number), z.minimum(minimum), z.maximum(maximum), z.meta({ type: 'integer', minimum, maximum }));

export const limitUpTo = (max: number) => z._default(queryNumber(1, max), DEFAULTS.pageSize);
export const Offset = z._default(queryNumber(0, LIMITS.offset), 0);

export const page = { total: count, limit: count, offset: count };
