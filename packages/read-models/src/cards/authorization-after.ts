import type { CanonicalEvent, HoldChange } from '@counterfoil/domain';
import { causeOf, changesAt, effectOf, type RecordedEvent } from '../ledger-event.ts';
import { type PurchaseName, purchaseKeyOfHold, purchaseOfCause } from './card-name.ts';
import type { AuthorizationRow, AuthorizationStatus, PurchaseMark } from './schema.ts';

/** What one event makes of what is known of a purchase; null while not even its asset is known. */
export function authorizationAfter(
  known: AuthorizationRow | undefined,
  key: PurchaseName,
  recorded: RecordedEvent,
): AuthorizationRow | null {
  const hold = holdOf(recorded, key);
  const cause =
    purchaseOfCause(recorded)?.purchaseKey === key.purchaseKey ? causeOf(recorded) : null;
  const before = known ?? newAuthorization(key, recorded, hold, cause);
  if (before === null) return null;
  const changed = withMark(
    withCleared(withCause(withHold(before, hold), cause), recorded, key),
    recorded,
  );
  const requestedAt =
    recorded.occurredAt < before.requestedAt ? recorded.occurredAt : before.requestedAt;
  return { ...changed, requestedAt, changedAt: recorded.recordedAt, status: statusOf(changed) };
}

const holdOf = (recorded: RecordedEvent, key: PurchaseName): HoldChange | undefined =>
  effectOf(recorded)?.holds.find(
    (hold) =>
      hold.provider === key.provider &&
      hold.cardId === key.cardId &&
      purchaseKeyOfHold(hold) === key.purchaseKey,
  );

function newAuthorization(
  { provider, cardId, purchaseKey }: PurchaseName,
  recorded: RecordedEvent,
  hold: HoldChange | undefined,
  cause: CanonicalEvent | null,
): AuthorizationRow | null {
  const stated = cause !== null && 'amount' in cause.data ? cause.data.amount : null;
  const asset = hold?.held.asset ?? stated?.asset;
  if (asset === undefined) return null;
  return {
    provider,
    cardId,
    purchaseKey,
    authorizationId: hold?.authorizationId ?? idOf(cause) ?? purchaseKey,
    status: 'approved',
    reason: null,
    asset,
    amountUnits: null,
    amountAt: null,
    heldUnits: 0n,
    clearedUnits: 0n,
    merchantName: null,
    merchantCategoryCode: null,
    marks: {},
    requestedAt: recorded.occurredAt,
    changedAt: recorded.recordedAt,
    expiresAt: null,
    firstSeenAt: recorded.recordedAt,
  };
}

const idOf = (cause: CanonicalEvent | null): string | null =>
  cause !== null && 'authorizationId' in cause.data ? cause.data.authorizationId : null;

function withHold(row: AuthorizationRow, hold: HoldChange | undefined): AuthorizationRow {
  if (hold === undefined) return row;
  const { authorizationId, held, expiresAt } = hold;
  const { asset } = held;
  // What was cleared is counted in the asset of the hold.
  const clearedUnits = asset === row.asset ? row.clearedUnits : 0n;
  return { ...row, authorizationId, asset, heldUnits: held.units, clearedUnits, expiresAt };
}

function withCause(row: AuthorizationRow, cause: CanonicalEvent | null): AuthorizationRow {
  if (cause === null || !('merchant' in cause.data)) return row;
  const { merchant } = cause.data;
  const named = {
    ...row,
    merchantName: row.merchantName ?? merchant?.name ?? null,
    merchantCategoryCode: row.merchantCategoryCode ?? merchant?.categoryCode ?? null,
  };
  switch (cause.type) {
    case 'AuthorizationRequested': {
      const { authorizationId, amount } = cause.data;
      const amountUnits = row.amountAt === null ? amount.units : row.amountUnits;
      return { ...named, authorizationId, amountUnits };
    }
    case 'AuthorizationConfirmed': {
      const { amount, changedAt } = cause.data;
      const isOlder = row.amountAt !== null && row.amountAt > changedAt;
      return isOlder ? named : { ...named, amountUnits: amount.units, amountAt: changedAt };
    }
    case 'AuthorizationDeclined':
      return {
        ...named,
        amountUnits: row.amountUnits ?? cause.data.amount.units,
        reason: row.reason ?? cause.data.reasonCode,
      };
    default:
      return named;
  }
}

/** A piece counts here when it is known to be of this purchase alone: named by it, or its only hold. */
function withCleared(
  row: AuthorizationRow,
  recorded: RecordedEvent,
  key: PurchaseName,
): AuthorizationRow {
  if (recorded.event.type !== 'ClearingPosted') return row;
  const named = purchaseOfCause(recorded);
  const holds = effectOf(recorded)?.holds ?? [];
  if (named === null ? holds.length !== 1 : named.purchaseKey !== key.purchaseKey) return row;
  const clearing = changesAt(recorded, (address) => /^providers:[^:]+:clearing$/.test(address));
  return { ...row, clearedUnits: row.clearedUnits + (clearing.get(row.asset) ?? 0n) };
}

function withMark(row: AuthorizationRow, recorded: RecordedEvent): AuthorizationRow {
  const { event } = recorded;
  const mark = markOf(event.type);
  const reason = event.type === 'AuthorizationDeclined' ? event.data.reason : row.reason;
  return mark === null ? row : { ...row, reason, marks: { ...row.marks, [mark]: true } };
}

function markOf(type: RecordedEvent['event']['type']): PurchaseMark | null {
  switch (type) {
    case 'HoldPlaced':
      return 'approved';
    case 'HoldConfirmed':
      return 'confirmed';
    case 'AuthorizationDeclined':
      return 'declined';
    case 'AuthorizationCanceled':
      return 'canceled';
    case 'HoldReleased':
      return 'reversed';
    case 'HoldExpired':
      return 'expired';
    case 'ApprovalWithdrawn':
      return 'withdrawn';
    default:
      return null;
  }
}

function statusOf({ marks, heldUnits, clearedUnits }: AuthorizationRow): AuthorizationStatus {
  if (heldUnits > 0n) return marks.confirmed ? 'confirmed' : 'approved';
  if (clearedUnits > 0n) return 'cleared';
  if (marks.declined) return 'declined';
  if (marks.canceled) return marks.approved || marks.confirmed ? 'canceled' : 'declined';
  if (marks.withdrawn) return 'withdrawn';
  if (marks.expired) return 'expired';
  if (marks.reversed) return 'reversed';
  return marks.confirmed ? 'confirmed' : 'approved';
}
