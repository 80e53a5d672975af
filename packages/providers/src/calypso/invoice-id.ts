import { ok, type Reference, type Result, type Subject } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { id, optional } from '../wire/field.ts';
import { accountOf, type CalypsoEvent, missing, reference } from './payload.ts';

/** An invoice or fiat order is named by several ids, none of which every event is sure to carry. */
export const invoiceIdFields = {
  idempotencyKey: optional(id),
  parentExternalId: optional(id),
  externalId: optional(id),
  orderId: optional(id),
  customerId: optional(id),
};

type InvoiceIds = Readonly<Record<keyof typeof invoiceIdFields, string | null>>;

export type InvoiceParts = Readonly<{
  invoiceId: string;
  subject: Subject;
  owners: readonly Reference[];
  references: Readonly<Record<string, string | null>>;
}>;

/**
 * What every event of an invoice says about it: found by our own key first, then by Calypso's. Any of
 * its ids may be what somebody has linked (decision 11).
 */
export function invoiceParts(
  ids: InvoiceIds,
  event: CalypsoEvent,
  references: InvoiceParts['references'] = {},
): Result<InvoiceParts, Quarantine> {
  const { idempotencyKey, parentExternalId, externalId, orderId, customerId } = ids;
  const named = [idempotencyKey, parentExternalId, externalId].filter((name) => name !== null);
  const invoiceId = named[0] ?? orderId;
  if (invoiceId === null) return missing('data.idempotencyKey');
  const names = [...new Set([invoiceId, ...named])];
  const client = customerId === null ? [] : [reference('client', customerId)];
  return ok({
    invoiceId,
    subject: { kind: 'invoice', id: invoiceId },
    owners: [...names.map((name) => reference('invoice', name)), ...client, accountOf(event)],
    references: {
      idempotencyKey,
      parentExternalId,
      externalId,
      orderId,
      customerId,
      ...references,
    },
  });
}
