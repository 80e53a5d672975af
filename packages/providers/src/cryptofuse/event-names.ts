// The documented vocabulary. What is not in these lists is quarantined by name, never mapped.

/** Of all generations; a status of one G2 dialect is accepted in the other too. */
export const paymentStatuses = [
  'waiting',
  'pending',
  'confirming',
  'confirmed',
  'partially_paid',
  'completed',
  'partially_completed',
  'expired',
  'failed',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const withdrawalStatuses = [
  'pending',
  'approved',
  'processing',
  'submitted',
  'confirmed',
  'completed',
  'rejected',
  'failed',
  'cancelled',
] as const;
export type WithdrawalStatus = (typeof withdrawalStatuses)[number];

export const transferStatuses = ['pending', 'completed', 'failed'] as const;

export const transferTypes = ['to_sub', 'to_master'] as const;

/**
 * In G1 the event's name decides. A `data.status` is optional there, since no schema is documented,
 * but one that does not belong to the name is refused: then one of the two is wrong.
 */
export type G1Event =
  | Readonly<{ family: 'payment'; means: PaymentStatus; accepts: readonly PaymentStatus[] }>
  | Readonly<{
      family: 'withdrawal';
      /** Null where only the status tells. */
      means: WithdrawalStatus | null;
      accepts: readonly WithdrawalStatus[];
    }>
  | Readonly<{ family: 'wallet'; means: 'created' | 'balance-changed' }>
  | Readonly<{ family: 'security' }>;

const steps = ['approved', 'processing', 'submitted', 'confirmed'] as const;

export const g1Events: ReadonlyMap<string, G1Event> = new Map<string, G1Event>([
  ['payment.created', { family: 'payment', means: 'pending', accepts: ['pending', 'waiting'] }],
  [
    'payment.processing',
    { family: 'payment', means: 'confirming', accepts: ['confirming', 'confirmed'] },
  ],
  ['payment.completed', { family: 'payment', means: 'completed', accepts: ['completed'] }],
  ['payment.failed', { family: 'payment', means: 'failed', accepts: ['failed'] }],
  ['payment.expired', { family: 'payment', means: 'expired', accepts: ['expired'] }],
  ['withdrawal.created', { family: 'withdrawal', means: 'pending', accepts: ['pending'] }],
  ['withdrawal.approved', { family: 'withdrawal', means: 'approved', accepts: steps }],
  ['withdrawal.processing', { family: 'withdrawal', means: 'processing', accepts: steps }],
  ['withdrawal.completed', { family: 'withdrawal', means: 'completed', accepts: ['completed'] }],
  ['withdrawal.failed', { family: 'withdrawal', means: 'failed', accepts: ['failed', 'rejected'] }],
  ['withdrawal.cancelled', { family: 'withdrawal', means: 'cancelled', accepts: ['cancelled'] }],
  ['withdrawal.status_changed', { family: 'withdrawal', means: null, accepts: withdrawalStatuses }],
  ['wallet.created', { family: 'wallet', means: 'created' }],
  ['wallet.balance_changed', { family: 'wallet', means: 'balance-changed' }],
  ['security.login_attempt', { family: 'security' }],
  ['security.settings_changed', { family: 'security' }],
]);

/** Names for subscribing; whether one ever arrives as `event` is not documented. */
export const subscriptionNames: readonly string[] = [
  'payment.all',
  'withdrawal.all',
  'wallet.all',
  'security.all',
];

export const g2EventNames = ['payment_status_update', 'deposit_received'] as const;

/** A name that means something fixed: shape never overrules it. */
export const isDocumentedName = (event: string): boolean =>
  g1Events.has(event) ||
  subscriptionNames.includes(event) ||
  g2EventNames.some((name) => name === event);
