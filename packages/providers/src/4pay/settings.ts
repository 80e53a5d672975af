import type { AmountMax } from '../wire/amount.ts';

export const signatureSettings = ['a', 'a-or-b'] as const;
export const transactionFees = ['on-top', 'inside', 'separate'] as const;

/** What a live account may show to be otherwise than its documentation leaves open. */
export type FourpaySettings = Readonly<{
  /** Whether the undocumented SHA-512 header is accepted where the documented one is absent. */
  signature: (typeof signatureSettings)[number];
  /** Whether `feeAmount` comes on top of a transaction, is part of it, or only repeats a `fee`. */
  transactionFee: (typeof transactionFees)[number];
}>;

export type FourpayOptions = Readonly<{
  /** Every secret that is valid now: two of them during a rotation. */
  secrets: readonly string[];
  settings: FourpaySettings;
  amountMax: AmountMax;
}>;
