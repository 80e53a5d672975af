import type { AssetCode } from './decimal.ts';
import type { Happened, Movement } from './story.ts';

/** A withdrawal or payout as its steps tell it; each list holds ids of steps that say so. */
export type OrderStory = Readonly<{
  accountId: string;
  asset: AssetCode;
  /** What it takes, and what of that is a fee. */
  amount: bigint;
  fee: bigint;
  reservedBy: readonly string[];
  completedBy: readonly string[];
  failedBy: readonly string[];
  /** Steps that name a transaction on chain: after that a failure returns nothing by itself. */
  broadcastBy: readonly string[];
  /** False where the completion does not say the amount, so that only a known order can be debited. */
  isAmountTold: boolean;
  /** Whether the completion itself states the fee. */
  isFeeTold: boolean;
}>;

/** Reserved while under way, gone when completed, back when failed and never broadcast. */
export function orderOutcome(story: OrderStory, { steps }: Happened): readonly Movement[] {
  const { accountId, asset, amount, fee } = story;
  const any = (ids: readonly string[]) => ids.some((id) => steps.has(id));
  const isReserved = any(story.reservedBy);
  if (any(story.completedBy)) {
    if (!isReserved && !story.isAmountTold) return [];
    const charged = story.isFeeTold || isReserved ? fee : 0n;
    return [{ accountId, asset, available: -(amount + charged) }];
  }
  if (!isReserved || (any(story.failedBy) && !any(story.broadcastBy))) return [];
  return [{ accountId, asset, available: -(amount + fee), reserved: amount + fee }];
}
