import type { OrderDetail } from './schema.ts';

/**
 * Whether a step is missing that a provider takes at once: its first word on an order of ours, or
 * the amount, without which nothing of the order can be posted.
 */
export function isAwaited({ amount, history, isFailed, openReviews }: OrderDetail): boolean {
  if (isFailed || openReviews.length > 0) return false;
  return amount === null || history.every(({ providerEvent }) => providerEvent === null);
}
