export {
  type AccountBook,
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  moneyIn,
  openedBook,
  outcomeOf,
  recordFact,
  totalsOf,
} from './account-book.ts';
export {
  amountOf,
  canonicalEvent,
  cents,
  dayMs,
  feeOf,
  minuteMs,
  noon,
  referenceOf,
} from './canonical-builder.ts';
export { cryptomate, fourpay } from './card-facts.ts';
export { deciderSpec } from './decider-spec.ts';
export {
  deposits,
  payouts,
  settledBy,
  transferFailed,
  transferred,
  withdrawals,
} from './money-facts.ts';
export { lifecycleCases } from './random-lifecycles.ts';
export { recordedData } from './recorded-data.ts';
