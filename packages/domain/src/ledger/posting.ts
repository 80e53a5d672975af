import type { Instant, NonEmpty, TransactionId } from '../ids.ts';
import type { Money } from '../money.ts';
import type { Address } from './address.ts';

/** Balanced by construction: one positive amount leaves `source` and reaches `destination`. */
export type Posting = Readonly<{ source: Address; destination: Address; amount: Money }>;

/** Decided once, recorded in the event, summed by projections: new rules rewrite no history. */
export type LedgerTransaction = Readonly<{
  transactionId: TransactionId;
  postings: NonEmpty<Posting>;
  effectiveAt: Instant;
}>;
