import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { keyword } from '../wire/field.ts';
import { missing, refused } from './emitted.ts';

export const unknownEvent = (event: string): Result<never, Quarantine> =>
  refused('type-unknown', 'event', `"${event}" is not an event of the documentation.`);

export function statusAmong<Status extends string>(
  accepted: readonly Status[],
  stated: string | null,
): Result<Status, Quarantine> {
  if (stated === null) return missing('data.status');
  const status = accepted.find((known) => known === stated);
  if (status !== undefined) return ok(status);
  return refused('status-unknown', 'data.status', `"${stated}" is not a status of this event.`);
}

/** G2a writes the status twice; two that differ leave open what happened. */
export function statusRepeated(body: ExactObject, status: string): Result<null, Quarantine> {
  const outer = keyword.safeParse(body['status'] ?? status);
  if (outer.success && outer.data === status) return ok(null);
  return refused('field-malformed', 'status', 'The status differs from data.status.');
}
