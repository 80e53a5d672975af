import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import type { ExactJson } from '../wire/exact-json.ts';
import { readBySchema } from '../wire/schema.ts';
import { readAsset } from './assets.ts';
import { type Emitted, ownersOf, type Reading } from './emitted.ts';
import { depositReceivedSchema } from './payload.ts';

/** A legacy notice beside the payment's own updates: it never credits. */
export function depositReceived(
  value: ExactJson | undefined,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const read = readBySchema(depositReceivedSchema, value, 'data');
  if (!read.ok) return read;
  const data = read.value;
  const asset = readAsset(data, 'data.');
  if (!asset.ok) return asset;
  const amount =
    asset.value === null || data.amount === null
      ? ok(null)
      : readAmount(data.amount, asset.value, 'data.amount', reading.amountMax);
  if (!amount.ok) return amount;
  const { transaction_id: invoiceId, deposit_id: depositId, transaction_hash: chainHash } = data;
  return ok([
    {
      type: 'DepositDetected',
      data: { amount: amount.value, stage: 'seen', depositId, chainHash },
      effectKey: null,
      subject: { kind: 'invoice', id: invoiceId },
      owners: ownersOf(
        ['invoice', invoiceId],
        ['invoice', data.custom_id],
        ['invoice', data.order_id],
        ['wallet', data.wallet_id ?? data.account_id],
      ),
      references: {
        customId: data.custom_id,
        orderId: data.order_id,
        purchaseId: data.purchase_id,
        depositId,
        chainHash,
      },
      flags: reading.flags,
    },
  ]);
}
