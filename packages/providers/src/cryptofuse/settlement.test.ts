import { type Asset, assetOf, formatUnits } from '@counterfoil/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payment } from './payment.ts';
import { settlementOf } from './settlement.ts';

const tether = assetOf('USDT:ETHEREUM');
const asset: Asset = tether.ok ? tether.value : ('' as Asset);
const amountMax = 1_000_000_000n;

const paymentOf = (units: bigint, share: Payment['share']): Payment => ({
  invoiceId: 'pay-1',
  asset,
  asked: null,
  receivedTotal: null,
  detected: null,
  gross: { asset, units },
  share,
  depositIds: [],
  walletId: null,
  customId: null,
  orderId: null,
  chainHash: null,
  expiresAt: null,
  reason: null,
  references: {},
  isAssumed: false,
});

function settled(
  units: bigint,
  price: string,
  received: string,
  priceCurrency: string | null = 'USD',
) {
  const result = settlementOf(paymentOf(units, { price, priceCurrency, received }), amountMax);
  if (!result.ok) return result.error.code;
  const { net, fees, flag } = result.value;
  return [
    formatUnits(net.units, asset),
    ...fees.map((fee) => formatUnits(fee.amount.units, asset)),
    flag,
  ];
}

describe('the fee of a completed payment (decision 21)', () => {
  it.each([
    ['250.00', '247.50', ['247.6287', '2.5013', 'fee-derived']],
    ['3.00', '1.00', ['83.376666', '166.753334', 'fee-derived']],
    ['250.00', '250.00', ['250.13', 'fee-derived']],
    ['250.00', '300.00', ['250.13', 'fee-derived']],
    ['250.00', '0.00', ['0.00', '250.13', 'fee-derived']],
  ] as const)('of a price of %s with %s received leaves the rest', (price, received, expected) => {
    expect(settled(250_130_000n, price, received)).toEqual(expected);
  });

  it('is zero and unverified where the share is not stated', () => {
    const result = settlementOf(paymentOf(5n, null), amountMax);
    expect(result.ok && result.value).toMatchObject({
      fees: [],
      net: { units: 5n },
      flag: 'amount-unverified',
    });
  });

  it('is refused where the share cannot be computed', () => {
    expect(settled(5n, '0.00', '1.00')).toBe('field-malformed');
    expect(settled(5n, '1.00', '1.00', 'EUR')).toBe('currency-mismatch');
    expect(settled(5n, '1.00', '-1.00')).toBe('amount-negative');
    expect(settled(5n, 'one', '1.00')).toBe('amount-malformed');
    expect(settled(5n, '1.00', '1.00', 'usd')).toEqual(['0.000005', 'fee-derived']);
  });

  it('and the net are the gross to the last unit, and the net is never rounded up', () => {
    const cents = fc.bigInt({ min: 1n, max: 10n ** 12n });
    const text = (units: bigint) => `${units / 100n}.${String(units % 100n).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        cents,
        cents,
        (gross, price, received) => {
          const share = { price: text(price), priceCurrency: 'USD', received: text(received) };
          const result = settlementOf(paymentOf(gross, share), 10n ** 30n);
          if (!result.ok) throw new Error(result.error.message);
          const { net, fees } = result.value;
          const fee = fees.reduce((sum, item) => sum + item.amount.units, 0n);
          expect(net.units + fee).toBe(gross);
          const kept = received > price ? price : received;
          expect(net.units * price <= gross * kept).toBe(true);
          expect((net.units + 1n) * price > gross * kept).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
