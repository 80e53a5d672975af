import type { AmountMax } from '../wire/amount.ts';
import type { SignatureSettings } from './signature.ts';

const withdrawalFees = ['on-top', 'inside'] as const;

/** What a live account may show to be otherwise than its documentation leaves open. */
export type CryptofuseSettings = SignatureSettings &
  Readonly<{
    /** Whether a withdrawal's fee comes on top of its amount or is part of it. */
    withdrawalFee: (typeof withdrawalFees)[number];
  }>;

export type CryptofuseOptions = Readonly<{
  /** Every secret that is valid now: two of them during a rotation. */
  secrets: readonly string[];
  settings: CryptofuseSettings;
  amountMax: AmountMax;
}>;
