import { archivedHeaders, credentialDigests } from '../reception/archived-headers.ts';
import type { KeptDelivery, RejectedDeliveries } from './rejected-deliveries.ts';

/** A flood of wrong credentials pushes out the oldest. */
const rowsMax = 10_000;

export function inMemoryRejectedDeliveries(): RejectedDeliveries {
  const rows = new Map<string, KeptDelivery>();
  let kept = 0;
  return {
    keep: ({ deliveryId, provider, receivedAt, headers, body }) => {
      kept += 1;
      const oldest = rows.keys().next();
      if (rows.size >= rowsMax && !oldest.done) rows.delete(oldest.value);
      rows.set(deliveryId, {
        deliveryId,
        provider,
        receivedAt,
        body,
        sequence: String(kept),
        headers: archivedHeaders(headers),
        credentialDigests: credentialDigests(headers),
      });
    },
    after: async ({ provider, sequence, limit }) =>
      [...rows.values()]
        .filter((row) => row.provider === provider && BigInt(row.sequence) > BigInt(sequence))
        .slice(0, limit),
    remove: async (deliveryId) => {
      rows.delete(deliveryId);
    },
    trim: async () => undefined,
    stop: async () => undefined,
  };
}
