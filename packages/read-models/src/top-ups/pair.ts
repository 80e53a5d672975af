import type { Instant } from '@counterfoil/domain';

/** A top-up and its credit are told within minutes; a day leaves room for a slow provider. */
export const pairingWindowMs = 24 * 60 * 60_000;

type TopUp = Readonly<{ depositId: string; completedAt: Instant }>;
type Credit = Readonly<{ depositId: string; deliveredAt: Instant }>;

/**
 * Which credit each top-up is taken to have: one to one, the nearest in time first, none further
 * apart than the window. Depends on nothing but what is given, so that the order in which it was
 * told does not matter. By the top-up's id.
 */
export function pair(
  topUps: readonly TopUp[],
  credits: readonly Credit[],
): ReadonlyMap<string, string> {
  const possible = topUps
    .flatMap((topUp) =>
      credits.map((credit) => ({
        topUpId: topUp.depositId,
        creditId: credit.depositId,
        apartMs: Math.abs(credit.deliveredAt - topUp.completedAt),
      })),
    )
    .filter(({ apartMs }) => apartMs <= pairingWindowMs)
    .sort(
      (one, other) =>
        one.apartMs - other.apartMs ||
        compareTexts(one.topUpId, other.topUpId) ||
        compareTexts(one.creditId, other.creditId),
    );
  const creditOf = new Map<string, string>();
  const taken = new Set<string>();
  for (const { topUpId, creditId } of possible) {
    if (creditOf.has(topUpId) || taken.has(creditId)) continue;
    creditOf.set(topUpId, creditId);
    taken.add(creditId);
  }
  return creditOf;
}

const compareTexts = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0;
