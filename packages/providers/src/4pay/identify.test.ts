import { describe, expect, it } from 'vitest';
import { flatCard, keyOf, only } from '../testing/fourpay-delivery.ts';

describe('the event key', () => {
  it('is one for all deliveries of a state, and one effect to a transaction (decision 2)', () => {
    const first = flatCard('purchase', 'completed');
    const variant = { ...first, amount: '42.20' };
    expect(keyOf(variant)).toBe(keyOf(first));
    const later = { ...first, updatedAt: '2025-06-02T11:00:00+00:00' };
    expect(keyOf(later)).not.toBe(keyOf(first));
    expect(only(later).effectKey).toBe(only(first).effectKey);
  });
});
