import { describe, expect, it } from 'vitest';
import { dialects } from './dialect.ts';
import { g1Events, g2EventNames, subscriptionNames } from './event-names.ts';

describe('the documented names', () => {
  it('are those of five generations', () => {
    expect(dialects).toEqual(['g0', 'g1', 'g2a', 'g2b', 'g3']);
    expect([...g1Events.keys(), ...subscriptionNames].length).toBe(20);
    expect(g2EventNames).toEqual(['payment_status_update', 'deposit_received']);
  });
});
