/** What a live account may show to be otherwise than its documentation leaves open. */
export type CalypsoSettings = Readonly<{
  /** Whether the amount of a settlement contains the service fee. */
  translationAmountIs: 'gross' | 'net';
  /** Which status of a payout reserves its money, unless our own order did. */
  payoutReserveAt: 'order' | 'in-progress';
}>;
