import type { CanonicalEvent } from '../canonical/events.ts';
import type { Reference } from './reference.ts';

/** The other ids of an invoice or payout, by the names that they have among an event's references. */
export type IdField = 'idempotencyKey' | 'parentExternalId' | 'externalId';

/** `id` is null where an event should have named it and did not. */
export type ToldId = Readonly<{ field: IdField; id: string | null }>;

/** What an event says goes together with one name. */
export type IdsOfName = Readonly<{ reference: Reference; ids: readonly ToldId[] }>;

/**
 * What one event says about the ids of an invoice or payout of Calypso, for each name by which later
 * events may call it. Our key has one id of Calypso's and one reference of ours; an id of Calypso's has
 * one key, or none whenever it is told. A reference of ours may be that of several, and is a name only
 * where nothing else is told. Other providers name a thing by one id, which is its name.
 */
export function idsTold({ source, subject, references }: CanonicalEvent): readonly IdsOfName[] {
  const { provider } = source;
  const { kind } = subject;
  if (provider !== 'calypso' || (kind !== 'invoice' && kind !== 'payout')) return [];
  const { idempotencyKey: key, parentExternalId: own, externalId } = references;
  const about = (name: string, ids: readonly ToldId[]): readonly IdsOfName[] =>
    ids.length === 0 ? [] : [{ reference: { provider, kind, externalId: name }, ids }];
  const told = (field: IdField, id: string | undefined): readonly ToldId[] =>
    id === undefined ? [] : [{ field, id }];
  const reference = told('externalId', externalId);
  if (key !== undefined) {
    const ofKey = about(key, [...told('parentExternalId', own), ...reference]);
    if (own === undefined || own === key) return ofKey;
    return [...ofKey, ...about(own, [{ field: 'idempotencyKey', id: key }])];
  }
  if (own !== undefined) return about(own, [{ field: 'idempotencyKey', id: null }, ...reference]);
  if (externalId === undefined) return [];
  return about(externalId, [{ field: 'parentExternalId', id: null }]);
}
