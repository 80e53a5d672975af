export { deciderSpec } from './decider-spec.ts';
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
export { deposits, payouts, transferFailed, transferred, withdrawals } from './money-facts.ts';
