import type { AmountMax } from '../wire/amount.ts';

export type StandardOptions = Readonly<{
  /** Every secret that is valid now, as `whsec_` and base64: two of them during a rotation. */
  secrets: readonly string[];
  amountMax: AmountMax;
}>;
