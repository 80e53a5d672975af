import { type Instant, type Merchant, ok, type Result } from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { readBySchema } from '../wire/schema.ts';
import { missing } from './emitted.ts';
import { transactionSchema } from './payload.ts';

type Data = z.output<typeof transactionSchema>;

/** A card or account transaction, its name pairs and both shapes read as one. */
export type Transaction = Readonly<{
  id: string;
  type: string;
  status: string;
  cardId: string | null;
  accountId: string | null;
  cardOwnerId: string | null;
  parentId: string | null;
  stated: Pick<
    Data,
    'amount' | 'currency' | 'feeAmount' | 'feeCurrency' | 'settlementAmount' | 'settlementCurrency'
  >;
  merchant: Merchant | null;
  declineReason: string | null;
  /** When it came to its status; older rows tell only when the transaction began. */
  changedAt: Instant | null;
  createdAt: Instant | null;
  references: Readonly<Record<string, string | null>>;
}>;

export function readTransaction(
  resource: ExactObject,
  path: string,
): Result<Transaction, Quarantine> {
  const read = readBySchema(transactionSchema, resource, path.replace('.', ''));
  if (!read.ok) return read;
  const data = read.value;
  const details = data.transactionDetails;
  const type = details?.type ?? data.type;
  if (type === null)
    return missing(`${path}${details === null ? 'type' : 'transactionDetails.type'}`);
  const transactionAt = details?.transactionAt ?? data.transactionAt;
  return ok({
    id: data.id,
    type,
    status: data.status,
    cardId: details?.card?.id ?? details?.card?.cardId ?? data.cardUuid ?? data.cardId,
    accountId: accountIdOf(data),
    cardOwnerId: data.cardOwnerId,
    parentId: data.parentId,
    stated: data,
    merchant: merchantOf(data),
    declineReason: details?.declineReason ?? data.declineReason,
    changedAt: data.updatedAt ?? transactionAt ?? data.createdAt,
    createdAt: data.createdAt,
    references: {
      parentId: data.parentId,
      accountId: accountIdOf(data),
      rrn: details?.rrn ?? data.rrn,
      authorizationCode: details?.authorizationCode ?? data.authorizationCode,
    },
  });
}

/** The pair of names in the resource, or its `account` object with the same pair. */
export const accountIdOf = (
  data: Pick<Data, 'accountUuid' | 'accountId' | 'account'>,
): string | null =>
  data.accountUuid ?? data.accountId ?? data.account?.accountId ?? data.account?.id ?? null;

/** The shop; its currency is stated only where the amount was converted into another one. */
function merchantOf(data: Data): Merchant | null {
  const details = data.transactionDetails;
  const name = details?.merchantName ?? data.merchantName;
  const country = details?.merchantCountry ?? data.merchantCountry;
  const categoryCode =
    details?.merchantCategory ?? details?.mcc ?? data.merchantCategory ?? data.mcc;
  if (name === null && country === null && categoryCode === null) return null;
  const currency = data.settlementAmount === null ? null : data.currency;
  return { id: null, name, categoryCode, country, currency };
}
