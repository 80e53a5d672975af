import { type Money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import type { ExactJson } from '../wire/exact-json.ts';
import { readBySchema } from '../wire/schema.ts';
import { readAsset } from './assets.ts';
import { type Emitted, missing, ourAccount, type Reading, reference } from './emitted.ts';
import { walletBalancesSchema, walletSchema } from './payload.ts';

export function walletCreated(
  value: ExactJson | undefined,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const read = readBySchema(walletSchema, value, 'data');
  if (!read.ok) return read;
  const about = aboutWallet(read.value, reading);
  if (!about.ok) return about;
  const data = { kind: 'wallet-created' };
  return ok([{ ...about.value, type: 'ProviderNoticeReceived', data }]);
}

/** A point-in-time value; it is compared with the books and never posted. */
export function walletBalanceChanged(
  value: ExactJson | undefined,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const read = readBySchema(walletBalancesSchema, value, 'data');
  if (!read.ok) return read;
  const about = aboutWallet(read.value, reading);
  if (!about.ok) return about;
  const balances: Money[] = [];
  for (const [index, { currency, amount }] of read.value.balances.entries()) {
    const path = `data.balances.${index}.`;
    const asset = readAsset({ currency, token: null, blockchain: null }, path);
    if (!asset.ok) return asset;
    if (asset.value === null) return missing(`${path}currency`);
    const balance = readAmount(amount, asset.value, `${path}amount`, reading.amountMax);
    if (!balance.ok) return balance;
    balances.push(balance.value);
  }
  return ok([{ ...about.value, type: 'BalanceReported', data: { balances } }]);
}

/** `data` is not documented, and nothing of it is needed. */
export const securityNotice = (reading: Reading): readonly Emitted[] => [
  {
    type: 'ProviderNoticeReceived',
    data: { kind: 'security' },
    subject: { kind: 'account', id: ourAccount.externalId },
    owners: [ourAccount],
    effectKey: null,
    flags: reading.flags,
  },
];

function aboutWallet(
  data: Readonly<{ id: string | null; wallet_id: string | null }>,
  reading: Reading,
) {
  const walletId = data.id ?? data.wallet_id;
  if (walletId === null) return missing('data.id');
  return ok({
    subject: { kind: 'wallet' as const, id: walletId },
    owners: [reference('wallet', walletId)],
    effectKey: null,
    flags: [...reading.flags, 'assumed-mapping' as const],
  });
}
