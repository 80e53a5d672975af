import type { Random } from '../random.ts';

/** Shares of the deliveries, from 0 to 1, that fare badly. */
export type FaultShares = Readonly<{
  duplicates: number;
  /** A little later than the next ones. */
  reordered: number;
  /** After everything else. */
  late: number;
  corrupt: number;
  /** Never sent. */
  lost: number;
}>;

/**
 * What becomes of one delivery. `garbled`: the provider itself sends something unreadable, under
 * its own signature, and the right body later. `in-transit`: what arrives is not what was signed.
 */
export type Fate = 'plain' | 'reordered' | 'late' | 'garbled' | 'in-transit' | 'lost';

/** Most corrupt deliveries are authentic: those are the ones that have to be kept. */
const garbledShare = 0.7;

export function drawnFate(random: Random, shares: FaultShares): Fate {
  let draw = random.next();
  const falls = (share: number) => {
    draw -= share;
    return draw < 0;
  };
  if (falls(shares.lost)) return 'lost';
  if (falls(shares.corrupt)) return random.happens(garbledShare) ? 'garbled' : 'in-transit';
  if (falls(shares.reordered)) return 'reordered';
  return falls(shares.late) ? 'late' : 'plain';
}
