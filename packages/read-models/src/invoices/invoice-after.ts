import {
  type CanonicalEvent,
  effectKeysOf,
  type InvoiceEvent,
  type Money,
} from '@counterfoil/domain';
import { historyEntry } from '../history-entry.ts';
import type { LedgerEvent, RecordedEvent } from '../ledger-event.ts';
import { larger } from './received-of.ts';
import type { InvoiceDetail, InvoiceRow } from './schema.ts';

/** What one event makes of what is known of an invoice; null when there is nothing to know yet. */
export function invoiceAfter(
  known: InvoiceRow | undefined,
  key: Pick<InvoiceRow, 'provider' | 'invoiceId'>,
  recorded: RecordedEvent,
): InvoiceRow | null {
  const { event } = recorded;
  if (!isInvoiceEvent(event)) return known ?? null;
  const { status } = event.data;
  const accountId = 'accountId' in event.data ? event.data.accountId : known?.accountId;
  if (accountId === undefined) return null;
  const before = known?.detail ?? nothingKnown;
  const detail = 'cause' in event.data ? withCause(before, event.data.cause) : before;
  return {
    ...key,
    accountId,
    status,
    detail: { ...detail, history: [...detail.history, historyEntry(recorded, status)] },
    firstSeenAt: known?.firstSeenAt ?? recorded.recordedAt,
    changedAt: recorded.recordedAt,
  };
}

const isInvoiceEvent = (event: LedgerEvent): event is InvoiceEvent =>
  event.type.startsWith('Invoice') && 'status' in event.data;

const nothingKnown: InvoiceDetail = {
  asked: null,
  receivedTotal: null,
  receivedParts: null,
  settledGross: null,
  settled: null,
  fees: [],
  effectKeys: [],
  expiresAt: null,
  references: {},
  history: [],
};

function withCause(detail: InvoiceDetail, cause: CanonicalEvent): InvoiceDetail {
  // What is known of an id stands: providers repeat it with every event.
  const known = { ...detail, references: { ...cause.references, ...detail.references } };
  switch (cause.type) {
    case 'InvoiceOpened':
      return {
        ...known,
        asked: detail.asked ?? cause.data.amountAsked,
        expiresAt: detail.expiresAt ?? cause.data.expiresAt,
      };
    case 'InvoiceFundsReceived': {
      const { amount, receivedTotal } = cause.data;
      return receivedTotal === null
        ? { ...known, receivedParts: plus(detail.receivedParts, amount) }
        : { ...known, receivedTotal: larger(detail.receivedTotal, receivedTotal) };
    }
    case 'InvoicePaid':
      return {
        ...known,
        asked: detail.asked ?? cause.data.amountAsked,
        receivedTotal: larger(detail.receivedTotal, cause.data.amountPaid),
      };
    case 'InvoiceExpired':
    case 'InvoiceReviewRequired':
      return { ...known, receivedTotal: larger(detail.receivedTotal, cause.data.receivedTotal) };
    case 'InvoiceSettled':
      return withSettlement(known, cause);
    default:
      return known;
  }
}

/** At most one event with an effect counts, as in the books; one without a key is a fact by itself. */
function withSettlement(
  detail: InvoiceDetail,
  event: Extract<CanonicalEvent, { type: 'InvoiceSettled' }>,
): InvoiceDetail {
  const { data } = event;
  const effectKeys = effectKeysOf(event);
  if (effectKeys.some((key) => detail.effectKeys.includes(key))) return detail;
  return {
    ...detail,
    settledGross: plus(detail.settledGross, data.gross),
    settled: plus(detail.settled, data.net),
    fees: data.fees.reduce((fees, { amount }) => withFee(fees, amount), detail.fees),
    effectKeys: [...detail.effectKeys, ...effectKeys],
  };
}

/** One sum for each asset. */
const withFee = (fees: readonly Money[], fee: Money): readonly Money[] =>
  fees.some(({ asset }) => asset === fee.asset)
    ? fees.map((known) => (known.asset === fee.asset ? (plus(known, fee) ?? fee) : known))
    : [...fees, fee];

/** Amounts of another asset than the first do not add up: the first asset stands. */
function plus(left: Money | null, right: Money | null): Money | null {
  if (left === null || right === null) return left ?? right;
  return left.asset === right.asset ? { ...left, units: left.units + right.units } : left;
}
