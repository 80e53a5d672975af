// The documented vocabulary. What is not in these lists is quarantined by name, never mapped.

export const cardTransactionTypes = ['purchase', 'refund', 'fee', 'top_up', 'withdrawal'] as const;

export const cardTransactionStatuses = ['authorized', 'completed', 'declined', 'canceled'] as const;
export type CardTransactionStatus = (typeof cardTransactionStatuses)[number];

export const accountTransactionTypes = [
  'payin',
  'card_issuing',
  'transfer_fee',
  'withdrawal',
] as const;

export const accountTransactionStatuses = [
  'authorized',
  'pending',
  'completed',
  'declined',
  'canceled',
] as const;
export type AccountTransactionStatus = (typeof accountTransactionStatuses)[number];

/** In lower case, as all keywords are compared; `transfering` is spelled so. */
export const topupStatuses = [
  'created',
  'in_progress',
  'readyforallocation',
  'allocating',
  'readyfortransfer',
  'transfering',
  'completed',
  'failed',
  'refunded',
] as const;

export const cardStatuses = [
  'creating',
  'creating_failed',
  'active',
  'frozen',
  'blocked',
  'closed',
  'expired',
] as const;
