import { describe, expect, it } from 'vitest';
import { plain } from '../testing/event-text.ts';
import { flatCard, only } from '../testing/fourpay-delivery.ts';

describe('a purchase', () => {
  it('sets the hold to a later amount, and releases it with its cancellation (decision 6)', () => {
    const later = flatCard('purchase', 'authorized', {
      amount: '50.00',
      updatedAt: '2025-06-01T11:10:00+00:00',
    });
    expect(plain(only(later))).toMatchObject({
      authorizationId: 'tx-1',
      holdTotal: '50.00 USD',
      changedAt: '2025-06-01T11:10:00.000Z',
    });
    expect(only(later).effectKey).toBe(
      '4pay|authorization|tx-1|confirmed|2025-06-01T11:10:00.000Z',
    );
    const zero = flatCard('purchase', 'authorized', { amount: '0.00' });
    expect(plain(only(zero))).toMatchObject({ holdTotal: '0.00 USD' });
  });
});
