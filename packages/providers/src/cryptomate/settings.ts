import type { Asset } from '@counterfoil/domain';
import type { AmountMax } from '../wire/amount.ts';

/** What a live account may show to be otherwise than we assume. */
export type CryptomateSettings = Readonly<{
  /** Whether each of several clearings of a purchase states its piece or the total so far. */
  clearingAmountMeans: 'piece' | 'running-total';
  /** Whether `fees` are inside `bill_amount`. By default they come on top of it. */
  billAmountIncludesFees: boolean;
  /** What happens to authorizations signed for a DeFi card, whose signature we do not check. */
  defiCards: 'decline' | 'decide';
  /** Our own limit for an answer; CryptoMate's is longer. */
  answerWithinMs?: number;
}>;

export type CryptomateOptions = Readonly<{
  /** Every key that is valid now: two of them during a rotation. */
  keys: readonly string[];
  /** Assets by `blockchain:contract` in lower case; a token not listed is never credited. */
  tokens: ReadonlyMap<string, Asset>;
  settings: CryptomateSettings;
  amountMax: AmountMax;
}>;

/** From the first byte received to the last byte answered, 400 ms before CryptoMate gives up. */
export const answerWithinMsDefault = 800;
