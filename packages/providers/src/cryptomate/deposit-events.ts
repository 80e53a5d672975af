import { type Fee, type Money, money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import { joinedId, joinedKey } from '../wire/key.ts';
import { above, feesAboveAmount } from './billing.ts';
import { cardEvent, createdAtOf } from './card-event.ts';
import { type Delivery, emit, readData, required, type Translator } from './delivery.ts';
import {
  chainHashOf,
  chainTextOf,
  internalHash,
  movementReferences,
  walletOwners,
} from './movement.ts';
import { type Deposit, deposit } from './payload.ts';
import { readToken } from './token.ts';

export const depositConfirmed: Translator = (delivery) => {
  const read = readData(delivery, deposit);
  if (!read.ok) return read;
  const data = read.value;
  // Posted by the `withdraw` of the other wallet; here it is only recorded (row 45).
  if (data.transaction_hash === internalHash && !isRamp(delivery))
    return emit(delivery, {
      ...depositEvent(data, delivery),
      type: 'ProviderNoticeReceived',
      data: { kind: 'internal-deposit' },
      effectKey: null,
    });
  const credited = readCredited(data, delivery);
  if (!credited.ok) return credited;
  const { gross, fees, net } = credited.value;
  const key = depositKey(data, delivery);
  if (delivery.envelope.product === 'treasury')
    return emit(delivery, {
      ...depositEvent(data, delivery),
      type: 'FundsDelivered',
      data: { depositId: joinedId(key), amount: net, purpose: 'merchant-top-up' },
      effectKey: joinedKey(['deposit', ...key, 'delivered']),
    });
  const method = isRamp(delivery) ? 'fiat-ramp' : 'chain';
  return emit(delivery, {
    ...depositEvent(data, delivery),
    type: 'DepositConfirmed',
    data: { depositId: joinedId(key), gross, fees, net, method, isDelivered: true },
    effectKey: joinedKey(['deposit', ...key, 'confirmed']),
    flags: fees.length > 0 ? ['fee-derived'] : [],
  });
};

const depositDetected =
  (stage: 'seen' | 'manual-check'): Translator =>
  (delivery) => {
    const read = readData(delivery, deposit);
    if (!read.ok) return read;
    const data = read.value;
    const asset = readDepositToken(data, delivery);
    if (!asset.ok) return asset;
    const { amountMax } = delivery.options;
    const amount =
      data.amount === null
        ? ok(null)
        : readAmount(data.amount, asset.value, 'data.amount', amountMax);
    if (!amount.ok) return amount;
    return emit(delivery, {
      ...depositEvent(data, delivery),
      type: 'DepositDetected',
      data: {
        amount: amount.value,
        stage,
        depositId: joinedId(depositKey(data, delivery)),
        chainHash: chainHashOf(data),
      },
      effectKey: null,
    });
  };

export const depositSeen = depositDetected('seen');
export const depositUnderCheck = depositDetected('manual-check');

export const depositFailed: Translator = (delivery) => {
  const read = readData(delivery, deposit);
  if (!read.ok) return read;
  const key = depositKey(read.value, delivery);
  return emit(delivery, {
    ...depositEvent(read.value, delivery),
    type: 'DepositFailed',
    data: { depositId: joinedId(key), reason: delivery.envelope.reason },
    effectKey: joinedKey(['deposit', ...key, 'failed']),
  });
};

/** Whether the fees are inside is open, so the credit is the smaller reading (R17). */
export const visaDirectDeposit = cardEvent((event, delivery) => {
  const { stated: gross, fees } = event.billed;
  const feeUnits = fees.reduce((sum, fee) => sum + fee.amount.units, 0n);
  if (feeUnits > gross.units) return feesAboveAmount();
  const key = [delivery.envelope.operationId, event.data.card_id, createdAtOf(event)];
  return emit(delivery, {
    ...event.envelope,
    type: 'DepositConfirmed',
    data: {
      depositId: joinedId(key),
      gross,
      fees,
      net: money(gross.asset, gross.units - feeUnits),
      method: 'visa-direct',
      isDelivered: true,
    },
    effectKey: joinedKey(['deposit', ...key, 'confirmed']),
    flags: event.feeFlags,
  });
});

type Credited = Readonly<{ gross: Money; fees: readonly Fee[]; net: Money }>;

/** On cards `net_amount` is what was credited; on wallets it may be absent, and the amount counts. */
function readCredited(data: Deposit, delivery: Delivery): Result<Credited, Quarantine> {
  const asset = readDepositToken(data, delivery);
  if (!asset.ok) return asset;
  const { amountMax } = delivery.options;
  const amountText = required(data.amount, 'data.amount');
  if (!amountText.ok) return amountText;
  const gross = readAmount(amountText.value, asset.value, 'data.amount', amountMax);
  if (!gross.ok) return gross;
  const stated = isRamp(delivery) ? data.amount : data.net_amount;
  const fallback = delivery.envelope.product === 'cards' ? null : data.amount;
  const netText = required(stated ?? fallback, 'data.net_amount');
  if (!netText.ok) return netText;
  const net = readAmount(netText.value, asset.value, 'data.net_amount', amountMax);
  if (!net.ok) return net;
  const feeUnits = gross.value.units - net.value.units;
  if (feeUnits < 0n) return above('data.net_amount');
  const fee: Fee = { kind: 'deposit', amount: money(asset.value, feeUnits) };
  return ok({ gross: gross.value, fees: feeUnits > 0n ? [fee] : [], net: net.value });
}

/**
 * One transaction on chain may hold several transfers, so its hash alone names none (row 44); the
 * product keeps apart a card's and a wallet's share of one hash.
 */
function depositKey(data: Deposit, delivery: Delivery): readonly (string | null)[] {
  const { operationId, product } = delivery.envelope;
  if (isRamp(delivery)) return [operationId];
  const from = chainTextOf(data.from_wallet_address);
  const token = chainTextOf(data.token?.address ?? null);
  return [operationId, product, data.wallet_id, from, token];
}

const isRamp = (delivery: Delivery): boolean => delivery.envelope.eventType === 'ramp_on';

const readDepositToken = (data: Deposit, delivery: Delivery) =>
  readToken(
    { blockchain: data.blockchain, address: data.token?.address ?? null },
    'data.token.address',
    delivery,
  );

const depositEvent = (data: Deposit, delivery: Delivery) => ({
  occurredAt: data.created_at,
  subject: { kind: 'wallet', id: data.wallet_id } as const,
  owners: walletOwners(data.wallet_id, delivery),
  references: {
    ...movementReferences(data),
    fromAddress: chainTextOf(data.from_wallet_address),
    exchangeRate: data.exchange_rate,
    sourceAmount: data.source_amount,
    sourceCurrency: data.source_currency,
  },
});
