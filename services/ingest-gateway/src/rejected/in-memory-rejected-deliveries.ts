import type { Clock } from '@counterfoil/runtime';
import { archivedHeaders, credentialDigests } from '../reception/archived-headers.ts';
import {
  type KeptDelivery,
  type RejectedBounds,
  rejectedBodyBytesMax,
  type RejectedDeliveries,
  rejectedRowsMax,
} from './rejected-deliveries.ts';

export function inMemoryRejectedDeliveries(
  options: Readonly<{ clock: Clock; bounds: RejectedBounds }>,
): RejectedDeliveries {
  const { clock, bounds } = options;
  let rows: readonly KeptDelivery[] = [];
  let kept = 0;

  const trim = (): void => {
    const since = clock.now() - bounds.retentionMs;
    let [count, bytes, isFull] = [0, 0, false];
    rows = rows.toReversed().filter(({ receivedAt, body }) => {
      count += 1;
      bytes += body.byteLength;
      isFull ||= count > rejectedRowsMax || bytes > bounds.bytesMax;
      return !isFull && receivedAt >= since;
    });
    rows = rows.toReversed();
  };

  return {
    keep: ({ headers, ...delivery }) => {
      if (delivery.body.byteLength > rejectedBodyBytesMax) return;
      kept += 1;
      const row: KeptDelivery = {
        ...delivery,
        sequence: String(kept),
        headers: archivedHeaders(headers),
        credentialDigests: credentialDigests(headers),
      };
      rows = [...rows, row];
      trim();
    },
    after: async ({ provider, sequence, limit }) =>
      rows
        .filter((row) => row.provider === provider && BigInt(row.sequence) > BigInt(sequence))
        .slice(0, limit),
    remove: async (deliveryId) => {
      rows = rows.filter((row) => row.deliveryId !== deliveryId);
    },
    size: async () => ({
      count: rows.length,
      bytes: rows.reduce((sum, { body }) => sum + body.byteLength, 0),
    }),
    trim: async () => trim(),
    stop: async () => undefined,
  };
}
