import { eventId, instant, providerNames } from '@counterfoil/domain';
import type { ArchivedDelivery, Inbox, InboxReason, RelayOutcome } from '../inbox/inbox.ts';

export const now = instant(Date.UTC(2026, 5, 14, 13));
export const batch = { providers: providerNames, now, limit: 100 };
export const reason: InboxReason = { code: 'type-unknown', path: 'type', message: 'Unknown.' };
export const canonicalEvents = [
  { eventId: eventId('11111111-1111-5111-8111-111111111111'), type: 'X' },
];

export const published = ({ id }: ArchivedDelivery): RelayOutcome => ({
  kind: 'published',
  deliveryId: id,
  canonicalEvents,
});
export const quarantined = ({ id }: ArchivedDelivery): RelayOutcome => ({
  kind: 'quarantined',
  deliveryId: id,
  reason,
});
export const idsOf = (deliveries: readonly Readonly<{ id: string }>[]) =>
  deliveries.map(({ id }) => id);

/** One batch, with the outcome that is given for each; resolves to the ids in their order. */
export const relayAll = async (inbox: Inbox, outcome = published): Promise<readonly string[]> => {
  const seen: string[] = [];
  await inbox.relay(batch, async (deliveries) => {
    seen.push(...idsOf(deliveries));
    return deliveries.map(outcome);
  });
  return seen;
};
