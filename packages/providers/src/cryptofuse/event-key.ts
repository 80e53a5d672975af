import type { ExactObject } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { type Dialect, dataOf, isWithdrawal, keywordAt, textAt, transferOf } from './dialect.ts';
import { g1Events } from './event-names.ts';

/**
 * The fields that name the fact, also for a body that is quarantined afterwards; null when there is
 * no object to name, and the body hash alone tells deliveries apart.
 */
export function eventKeyOf(body: ExactObject, dialect: Dialect): string | null {
  switch (dialect) {
    case 'g0':
      return keyOf(
        keywordAt(body, 'event_type'),
        textAt(body, 'payment_id'),
        keywordAt(body, 'status'),
        textAt(body, 'updated_at'),
      );
    case 'g1':
      return g1Key(body);
    case 'g2a':
    case 'g2b':
      return g2Key(body);
    case 'g3':
      return transferKey(transferOf(body) ?? body);
  }
}

function g1Key(body: ExactObject): string | null {
  const event = keywordAt(body, 'event');
  const known = event === null ? undefined : g1Events.get(event);
  if (known === undefined) return null;
  if (known.family === 'security') return keyOf(event, textAt(body, 'id'));
  const data = dataOf(body);
  const createdAt = textAt(body, 'created_at');
  switch (known.family) {
    case 'payment':
      return keyOf(event, paymentIdOf(data), keywordAt(data, 'status'), createdAt);
    case 'withdrawal':
      return keyOf(event, withdrawalIdOf(data), keywordAt(data, 'status'), createdAt);
    case 'wallet':
      return keyOf(event, walletIdOf(data), createdAt);
  }
}

function g2Key(body: ExactObject): string | null {
  const event = keywordAt(body, 'event');
  const data = dataOf(body);
  const timestamp = textAt(body, 'timestamp');
  if (event === 'deposit_received') return keyOf(event, textAt(data, 'transaction_id'), timestamp);
  const isPayment = event === 'payment_status_update';
  if (!isPayment && !isWithdrawal(data)) return null;
  const objectId = isPayment ? textAt(data, 'transaction_id') : withdrawalIdOf(data);
  return keyOf(event, objectId, keywordAt(data, 'status'), timestamp);
}

function transferKey(transfer: ExactObject): string | null {
  const transferId = textAt(transfer, 'transfer_id') ?? textAt(transfer, 'id');
  return keyOf('transfer', transferId, keywordAt(transfer, 'status'));
}

const paymentIdOf = (data: ExactObject): string | null =>
  textAt(data, 'payment_id') ?? textAt(data, 'transaction_id') ?? textAt(data, 'id');

const withdrawalIdOf = (data: ExactObject): string | null =>
  textAt(data, 'withdrawal_id') ?? textAt(data, 'id');

const walletIdOf = (data: ExactObject): string | null =>
  textAt(data, 'id') ?? textAt(data, 'wallet_id');

/** The name and the object are needed; what is missing behind them stays an empty part. */
function keyOf(
  event: string | null,
  objectId: string | null,
  ...rest: readonly (string | null)[]
): string | null {
  if (event === null || objectId === null) return null;
  return joinedKey([event, objectId, ...rest]);
}
