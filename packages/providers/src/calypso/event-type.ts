/** The events of Calypso's catalogue, by the name that its payload tables use. */
export const calypsoEventTypes = [
  'INVOICE_CREATE_INVOICE',
  'INVOICE_CREATE_UNLIMITED_INVOICE',
  'INVOICE_MEMPOOL_FOUND',
  'INVOICE_FUNDS_RECEIVED_FOR_INVOICE',
  'INVOICE_COMPLIANCE_CHECK',
  'INVOICE_COMPLIANCE_DECLINED',
  'INVOICE_PENDING_INTERVENTION',
  'INVOICE_PAID',
  'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED',
  'INVOICE_EXPIRED',
  'FIAT_APPLIER_FIAT_FUNDS_RECEIVED',
  'FIAT_APPLIER_ORDER_UNPAID',
  'FIAT_APPLIER_PAYMENT_FAILED',
  'FIAT_APPLIER_ADJUSTMENT',
  'FIAT_APPLIER_WITHDRAWAL_SUCCESS',
  'FIAT_APPLIER_WITHDRAWAL_FAILED',
  'CUSTOMER_PURSE_EXPIRED',
  'CUSTOMER_PURSE_MEM_POOL_FOUND',
  'CUSTOMER_PURSE_PENDING_COMPLIANCE',
  'CUSTOMER_PURSE_COMPLIANCE_DECLINED',
  'CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE',
  'CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED',
  'PAYOUT_CHANGE_STATUS',
  'PAYOUT_CONFIRMED',
  'PAYOUT_VALIDATION_ERROR',
  'PAYOUT_HASH_RECEIVED',
  'TOP_UP_COMPLIANCE_CHECK',
  'TOP_UP_COMPLIANCE_DECLINED',
  'WALLET_FUNDS_DELIVERED_ACCOUNT',
  'FIAT_DEPOSIT_ORDER_CREATED',
  'FIAT_DEPOSIT_ORDER_CONFIRM',
  'FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED',
  'FIAT_DEPOSIT_ORDER_EXPIRED',
  'FIAT_DEPOSIT_ORDER_FAILED',
] as const;
export type CalypsoEventType = (typeof calypsoEventTypes)[number];

/** Other names for the same events: event lists and payload tables differ, and a guide misspells. */
export const calypsoEventAliases: Readonly<Record<string, CalypsoEventType>> = {
  INVOICE_PENDING_COMPLIANCE: 'INVOICE_COMPLIANCE_CHECK',
  TOP_UP_PENDING_COMPLIANCE: 'TOP_UP_COMPLIANCE_CHECK',
  FIAT_DEPOSIT_ORDER_CONFIRMED: 'FIAT_DEPOSIT_ORDER_CONFIRM',
  CUSTOMER_PURSE_MEMPOOL_FOUND: 'CUSTOMER_PURSE_MEM_POOL_FOUND',
  CUSTOMER_PURSE_PENDING_COMLIANCE: 'CUSTOMER_PURSE_PENDING_COMPLIANCE',
  CUSTOMER_PURSE_COMLIANCE_DECLINED: 'CUSTOMER_PURSE_COMPLIANCE_DECLINED',
};

/** Named in older documentation only, without a payload; the last one is cut off there. */
export const calypsoRetiredEventTypes = [
  'PAYOUT_SPEEDED_UP',
  'PAYOUT_WITHDRAWALS_CREATING_VALIDATION_ERROR',
] as const;
const calypsoRetiredEventTypePrefix = 'PAYOUT_ETHEREUM_APPROVAL_VALIDA';

const byName: ReadonlyMap<string, CalypsoEventType> = new Map([
  ...calypsoEventTypes.map((name) => [name, name] as const),
  ...Object.entries(calypsoEventAliases),
]);
const retired: ReadonlySet<string> = new Set(calypsoRetiredEventTypes);

/** `name` in upper case. Nothing is inferred from a name that is not in the tables. */
export function eventTypeOf(name: string): CalypsoEventType | 'retired' | 'unknown' {
  if (retired.has(name) || name.startsWith(calypsoRetiredEventTypePrefix)) return 'retired';
  return byName.get(name) ?? 'unknown';
}
