import { describe, expect, it } from 'vitest';
import { at, g2b, keyOf, only, quarantine } from '../testing/cryptofuse-delivery.ts';
import { plain } from '../testing/event-text.ts';

describe('deposit_received', () => {
  it('announces and never credits (decision 5)', () => {
    const minimal = only(g2b('deposit_received', { transaction_id: 'pay-2' }));
    expect(minimal).toMatchObject({ type: 'DepositDetected', effectKey: null });
    expect(plain(minimal)).toEqual({
      amount: null,
      stage: 'seen',
      depositId: null,
      chainHash: null,
    });
    const named = { transaction_id: 'pay-2', deposit_id: 'dep-1', amount: '5', currency: 'BTC' };
    const event = only(g2b('deposit_received', named));
    expect(plain(event)).toMatchObject({ amount: '5.00 BTC:BITCOIN', depositId: 'dep-1' });
    expect(event.references).toMatchObject({ depositId: 'dep-1' });
    expect(keyOf(g2b('deposit_received', named))).toBe(`deposit_received|pay-2|${at}`);
    expect(quarantine(g2b('deposit_received', { deposit_id: 'dep-1' }))).toEqual({
      code: 'field-missing',
      path: 'data.transaction_id',
    });
    const long = { ...named, transaction_hash: 'a'.repeat(201) };
    expect(quarantine(g2b('deposit_received', long))).toEqual({
      code: 'field-malformed',
      path: 'data.transaction_hash',
    });
  });
});
