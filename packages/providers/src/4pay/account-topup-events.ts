import {
  type CanonicalOf,
  type DepositStage,
  type Money,
  ok,
  type Result,
} from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import { readAsset } from './assets.ts';
import { accountReference, type Emitted, type Reading, refused } from './emitted.ts';
import { topupStatuses } from './event-names.ts';
import { topupSchema } from './payload.ts';
import { accountIdOf } from './transaction.ts';

type Topup = z.output<typeof topupSchema>;
type Detected = CanonicalOf<'DepositDetected'>['data'];

/** The crypto side of a top-up: it tells how far it is and never posts; `payin` does. */
export function accountTopupEvents(
  resource: ExactObject,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const { path } = reading;
  const read = readBySchema(topupSchema, resource, path.replace('.', ''));
  if (!read.ok) return read;
  const topup = read.value;
  const status = topupStatuses.find((known) => known === topup.status);
  if (status === undefined)
    return refused('status-unknown', `${path}status`, `"${topup.status}" is not a top-up status.`);
  const amount = readSent(topup, reading);
  if (!amount.ok) return amount;
  switch (status) {
    case 'created': {
      const data = { kind: 'topup-created' };
      const type = 'ProviderNoticeReceived';
      return ok([{ ...aboutTopup(topup), type, data, effectKey: null }]);
    }
    case 'in_progress':
      return ok([detected(topup, amount.value, 'seen')]);
    case 'readyforallocation':
    case 'allocating':
    case 'readyfortransfer':
    case 'transfering':
      return ok([detected(topup, amount.value, 'converting')]);
    case 'completed':
      return ok([detected(topup, amount.value, 'confirmed', awaitedCredit(topup, reading))]);
    case 'failed':
    case 'refunded': {
      const data = { depositId: topup.id, reason: status };
      const effectKey = joinedKey(['deposit', topup.id, 'failed']);
      return ok([{ ...aboutTopup(topup), type: 'DepositFailed', data, effectKey }]);
    }
  }
}

const detected = (
  topup: Topup,
  amount: Money | null,
  stage: DepositStage,
  awaited: Pick<Detected, 'awaitedCredit'> = {},
): Emitted => ({
  ...aboutTopup(topup),
  type: 'DepositDetected',
  data: { amount, stage, depositId: topup.id, chainHash: topup.txHash, ...awaited },
  effectKey: null,
});

/**
 * The `payin` to watch for: no id of it is known. Its amount is only told beside the crypto amount,
 * and since it posts nothing, one that cannot be read is no reason to refuse the body. `createdAt`
 * is when the address was made, which may be long before.
 */
function awaitedCredit(
  { settlementAmount, settlementCurrency, updatedAt }: Topup,
  { path, amountMax, receivedAt }: Reading,
): Pick<Detected, 'awaitedCredit'> {
  const completedAt = updatedAt ?? receivedAt;
  const unknown = { awaitedCredit: { amount: null, completedAt } };
  if (settlementAmount === null || settlementCurrency === null) return unknown;
  const asset = readAsset(settlementCurrency, `${path}settlementCurrency`);
  if (!asset.ok) return unknown;
  const amount = readAmount(settlementAmount, asset.value, `${path}settlementAmount`, amountMax);
  if (!amount.ok || amount.value.units === 0n) return unknown;
  return { awaitedCredit: { amount: amount.value, completedAt } };
}

/** What was sent, in crypto; the provider writes zero until it knows. */
function readSent(topup: Topup, { path, amountMax }: Reading): Result<Money | null, Quarantine> {
  if (topup.amount === null || topup.currency === null) return ok(null);
  const asset = readAsset(topup.currency, `${path}currency`);
  if (!asset.ok) return asset;
  const amount = readAmount(topup.amount, asset.value, `${path}amount`, amountMax);
  return amount.ok && amount.value.units === 0n ? ok(null) : amount;
}

/** The nested form names no account; then it is ours by default (R13). */
function aboutTopup(topup: Topup) {
  const account = accountReference(accountIdOf(topup));
  return {
    occurredAt: topup.updatedAt ?? topup.createdAt,
    subject: { kind: 'account' as const, id: account.externalId },
    owners: [account],
    references: {
      topupId: topup.id,
      paymentAddress: topup.paymentAddress,
      chainHash: topup.txHash,
    },
  };
}
