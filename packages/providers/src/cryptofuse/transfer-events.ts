import { type Instant, type Money, ok, type Result } from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import { readAsset } from './assets.ts';
import {
  type Emitted,
  missing,
  ourAccount,
  ownersOf,
  posted,
  type Reading,
  reference,
  refused,
} from './emitted.ts';
import { transferStatuses, transferTypes } from './event-names.ts';
import { transferSchema } from './payload.ts';

type Transfer = z.output<typeof transferSchema>;

/** When the transfer reached its state, as far as it says. */
export const transferTimeOf = (transfer: Transfer): Instant | null =>
  transfer.completed_at ?? transfer.updated_at ?? transfer.created_at;

/** `path` is `data.` where the callback has an envelope, empty where it is flat. */
export const readTransfer = (value: ExactObject, path: string): Result<Transfer, Quarantine> =>
  readBySchema(transferSchema, value, path.replace('.', ''));

/** Between the master account and one player's wallet; only a callback reports the result. */
export function transferEvents(
  transfer: Transfer,
  path: string,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const transferId = transfer.transfer_id ?? transfer.id;
  if (transferId === null) return missing(`${path}transfer_id`);
  const status = transferStatuses.find((known) => known === transfer.status);
  if (status === undefined)
    return refused('status-unknown', `${path}status`, `"${transfer.status}" is not a status.`);
  const amount = readStated(transfer, path, reading);
  if (!amount.ok) return amount;
  const walletId = transfer.wallet_id ?? transfer.account_id;
  const about = {
    subject: { kind: 'transfer' as const, id: transferId },
    owners: ownersOf(['wallet', walletId]),
    references: { transferId, walletId },
    flags: [...reading.flags, 'assumed-mapping' as const],
  };
  switch (status) {
    case 'pending':
      return ok([
        {
          ...about,
          type: 'ProviderNoticeReceived',
          data: { kind: 'transfer-pending' },
          effectKey: null,
        },
      ]);
    case 'completed': {
      const data = readCompleted(transfer, amount.value, path);
      if (!data.ok) return data;
      const effectKey = joinedKey(['transfer', transferId, 'completed']);
      return ok([
        { ...about, type: 'TransferCompleted', data: { transferId, ...data.value }, effectKey },
      ]);
    }
    case 'failed': {
      const data = { transferId, reason: transfer.error_message };
      const effectKey = joinedKey(['transfer', transferId, 'failed']);
      return ok([{ ...about, type: 'TransferFailed', data, effectKey }]);
    }
  }
}

function readStated(
  transfer: Transfer,
  path: string,
  reading: Reading,
): Result<Money | null, Quarantine> {
  const asset = readAsset(transfer, path);
  if (!asset.ok) return asset;
  if (asset.value === null || transfer.amount === null) return ok(null);
  return readAmount(transfer.amount, asset.value, `${path}amount`, reading.amountMax);
}

function readCompleted(transfer: Transfer, stated: Money | null, path: string) {
  const amount = posted(stated, `${path}amount`);
  if (!amount.ok) return amount;
  const walletId = transfer.wallet_id ?? transfer.account_id;
  if (walletId === null) return missing(`${path}wallet_id`);
  const wallet = reference('wallet', walletId);
  const fixed = { amount: amount.value, fees: [], isOutsidePossible: false };
  const named = transfer.transfer_type;
  if (named === null) return missing(`${path}transfer_type`);
  const type = transferTypes.find((known) => known === named);
  switch (type) {
    case 'to_sub':
      return ok({ ...fixed, from: ourAccount, to: wallet });
    case 'to_master':
      return ok({ ...fixed, from: wallet, to: ourAccount });
    case undefined:
      return refused('type-unknown', `${path}transfer_type`, `"${named}" is not a transfer type.`);
  }
}
