import { type Fee, type Flag, money, type Money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { type AmountMax, readAmount } from '../wire/amount.ts';
import { usd } from '../wire/currency.ts';
import { missing, posted, refused } from './emitted.ts';
import type { Payment } from './payment.ts';

export type Settlement = Readonly<{
  gross: Money;
  fees: readonly Fee[];
  net: Money;
  flag: Flag;
}>;

/**
 * What a completed payment brought. The fee is stated nowhere: G2b tells how many dollars of the
 * price reached the merchant, and the same share of the gross is the net, rounded down to the
 * asset's scale. Elsewhere the fee is zero until a read shows it.
 */
export function settlementOf(
  payment: Payment,
  amountMax: AmountMax,
): Result<Settlement, Quarantine> {
  if (payment.asset === null) return missing('data.currency');
  const gross = posted(payment.gross, 'data.amount');
  if (!gross.ok) return gross;
  if (payment.share === null)
    return ok({ gross: gross.value, fees: [], net: gross.value, flag: 'amount-unverified' });
  const share = shareOf(payment.share, amountMax);
  if (!share.ok) return share;
  const { price, received } = share.value;
  const kept = received > price ? price : received;
  // Integer division of positive numbers rounds down: the smaller reading of a credit.
  const net = money(payment.asset, (gross.value.units * kept) / price);
  const fee = money(payment.asset, gross.value.units - net.units);
  const fees: readonly Fee[] = fee.units === 0n ? [] : [{ kind: 'platform', amount: fee }];
  return ok({ gross: gross.value, fees, net, flag: 'fee-derived' });
}

/** Both in units of the dollar, the only price currency that is documented. */
function shareOf(
  stated: NonNullable<Payment['share']>,
  amountMax: AmountMax,
): Result<Readonly<{ price: bigint; received: bigint }>, Quarantine> {
  const { priceCurrency } = stated;
  if (priceCurrency !== null && priceCurrency.toUpperCase() !== usd)
    return refused(
      'currency-mismatch',
      'data.price_currency',
      'The price is not in USD, so the share that the merchant received is not known.',
    );
  const price = readAmount(stated.price, usd, 'data.price_amount', amountMax);
  if (!price.ok) return price;
  if (price.value.units === 0n)
    return refused('field-malformed', 'data.price_amount', 'expected a price above zero');
  const received = readAmount(stated.received, usd, 'data.merchant_received_usd', amountMax);
  if (!received.ok) return received;
  return ok({ price: price.value.units, received: received.value.units });
}
