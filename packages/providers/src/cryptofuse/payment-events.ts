import { type Flag, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { type Emitted, missing, ownersOf, type Reading } from './emitted.ts';
import type { PaymentStatus } from './event-names.ts';
import type { Payment } from './payment.ts';
import { settlementOf } from './settlement.ts';

/** A payment is an invoice of ours there; only its completion credits anything. */
export function paymentEvents(
  payment: Payment,
  status: PaymentStatus,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const { invoiceId, receivedTotal, depositIds } = payment;
  const about = aboutOf(payment, reading);
  switch (status) {
    case 'waiting':
    case 'pending': {
      const { asked: amountAsked, asset, expiresAt } = payment;
      const data = { invoiceId, amountAsked, asset, expiresAt };
      return ok([{ ...about, type: 'InvoiceOpened', data }]);
    }
    case 'confirming':
    case 'confirmed':
      return ok([{ ...about, type: 'DepositDetected', data: detectedOf(payment, status) }]);
    case 'partially_paid': {
      if (receivedTotal === null) return missing('data.total_paid_amount');
      const data = { invoiceId, amount: null, receivedTotal, depositIds };
      return ok([{ ...about, type: 'InvoiceFundsReceived', data }]);
    }
    case 'completed':
      return settled(payment, reading);
    case 'partially_completed': {
      const data = { invoiceId, reason: 'underpaid' as const, receivedTotal };
      return ok([{ ...about, type: 'InvoiceReviewRequired', data }]);
    }
    case 'expired':
      return ok([{ ...about, type: 'InvoiceExpired', data: { invoiceId, receivedTotal } }]);
    case 'failed': {
      const data = { invoiceId, reason: payment.reason, isFinal: true };
      return ok([{ ...about, type: 'InvoicePaymentFailed', data }]);
    }
  }
}

function settled(payment: Payment, reading: Reading): Result<readonly Emitted[], Quarantine> {
  const settlement = settlementOf(payment, reading.amountMax);
  if (!settlement.ok) return settlement;
  const { gross, fees, net, flag } = settlement.value;
  const { invoiceId, depositIds } = payment;
  return ok([
    {
      ...aboutOf(payment, reading, [flag]),
      type: 'InvoiceSettled',
      data: { invoiceId, gross, fees, net, depositIds },
      effectKey: joinedKey(['invoice', invoiceId, 'settled']),
    },
  ]);
}

function detectedOf(payment: Payment, stage: 'confirming' | 'confirmed') {
  const { detected: amount, depositIds, chainHash } = payment;
  const [only = null, ...others] = depositIds;
  return { amount, stage, depositId: others.length === 0 ? only : null, chainHash };
}

/** Whose it is: the wallet or merchant that the invoice or its ids at the merchant are linked to. */
function aboutOf(payment: Payment, reading: Reading, flags: readonly Flag[] = []) {
  const { invoiceId, customId, orderId, walletId } = payment;
  const assumed: readonly Flag[] = payment.isAssumed ? ['assumed-mapping'] : [];
  return {
    subject: { kind: 'invoice' as const, id: invoiceId },
    owners: ownersOf(
      ['invoice', invoiceId],
      ['invoice', customId],
      ['invoice', orderId],
      ['wallet', walletId],
    ),
    references: payment.references,
    flags: [...reading.flags, ...assumed, ...flags],
    effectKey: null,
  };
}
