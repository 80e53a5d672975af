import { type Instant, parseInstant } from '@counterfoil/domain';
import { problemError } from '@counterfoil/runtime';
import { instantRequest } from '../schemas/scalars.ts';

/** Filters of lists by when a thing was first seen: from this time on, and before that one. */
export const timeRange = { from: instantRequest.optional(), to: instantRequest.optional() };

export const seenBetween = (
  query: Readonly<{ from?: string | undefined; to?: string | undefined }>,
): Readonly<{ from: Instant | undefined; to: Instant | undefined }> => ({
  from: instantOf('from', query.from),
  to: instantOf('to', query.to),
});

function instantOf(name: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (at !== null) return at;
  const errors = [{ path: `query/${name}`, message: 'is not a time of the calendar' }];
  throw problemError('request-malformed', undefined, { errors });
}
