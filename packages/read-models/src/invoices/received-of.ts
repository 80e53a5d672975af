import type { Money } from '@counterfoil/domain';
import type { InvoiceDetail } from './schema.ts';

/** Providers state totals, parts or only what was settled; the largest is what arrived for certain. */
export function receivedOf(
  detail: Pick<InvoiceDetail, 'receivedTotal' | 'receivedParts' | 'settledGross'>,
): Money | null {
  const known = [detail.receivedTotal, detail.receivedParts, detail.settledGross];
  return known.reduce(larger, null);
}

/** Amounts of different assets do not compare: the first known stands. */
export function larger(left: Money | null, right: Money | null): Money | null {
  if (left === null) return right;
  return right !== null && right.asset === left.asset && right.units > left.units ? right : left;
}
