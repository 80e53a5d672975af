import { externalIdLengthMax, type Instant, parseInstant } from '@counterfoil/domain';
import { isLosslessNumber } from 'lossless-json';
import { z } from 'zod';
import { chainText } from './key.ts';

// The field forms that every provider's schemas are made of. Null and missing are the same.

// Half of a surrogate pair has no UTF-8: two such ids would be stored as one.
const unpairedSurrogate = /\p{Surrogate}/gu;
const isWellFormed = (value: string): boolean => value.search(unpairedSurrogate) < 0;
const wellFormed = 'expected text without half characters';

// An id becomes part of a stream's name, and the event store takes no control character there.
const unnameable = /[\p{Control}\p{Surrogate}]/u;
export const isNameable = (value: string): boolean => !unnameable.test(value);
export const nameable = 'expected text without control or half characters';

const trimmed = (value: unknown): unknown =>
  typeof value === 'string' ? value.trim() : isLosslessNumber(value) ? value.value : value;

/** An id is opaque text; a number used as an id is kept as its source text (R8). */
export const id = z.preprocess(
  trimmed,
  z.string().min(1).max(externalIdLengthMax).refine(isNameable, nameable),
);

/** An on-chain hash or address, in the one form it is compared in. */
export const chainId = id.transform(chainText);

/** A code of a registry, exactly as written. */
export const code = z.string().max(externalIdLengthMax).refine(isWellFormed, wellFormed);

/** Free text of the provider, bounded; what cannot be stored of it becomes U+FFFD. */
export const text = z.preprocess(
  trimmed,
  z
    .string()
    .min(1)
    .max(1000)
    .transform((value) => value.replace(unpairedSurrogate, '\ufffd')),
);

/** A string of an enumeration, compared without case after trimming (R8). */
export const keyword = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
  z.string().min(1).max(100).refine(isWellFormed, wellFormed),
);

/** An amount as decimal text, from a JSON string or number, exactly as written. */
export const decimal = z.preprocess(trimmed, z.string().min(1).max(80));

/** An instant as text or, where a provider says so, epoch milliseconds are read by its adapter. */
export const time = z.preprocess(
  trimmed,
  z.string().transform((value, context): Instant => {
    const at = parseInstant(value);
    if (at !== null) return at;
    context.addIssue({ code: 'custom', message: 'expected a date and time' });
    return z.NEVER;
  }),
);

const isAbsent = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value.trim() === '');

/** Null, missing and (for text fields) empty or blank all read as null. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (isAbsent(value) ? null : value), schema.nullable());

/**
 * An object with at least these fields; others are ignored. A number is not one, although exact
 * numbers are objects to JavaScript: with optional fields only, `z.object` would let it pass.
 */
export const objectOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(trimmed, z.object(shape));
