import type { ProviderName } from '@counterfoil/domain';
import { readSample } from '@counterfoil/providers/testing';

/** A deposit of its own made from a sample's shape, and what it must do to the books. */
export type GeneratedDelivery = Readonly<{
  provider: ProviderName;
  body: Uint8Array;
  accountId: string;
  asset: string;
  amount: string;
  /** `request`: a question whose approval holds the amount; `deposit`: money for the account. */
  kind: 'deposit' | 'request';
}>;

const text = (path: string): string => new TextDecoder().decode(readSample(path));

/** Ids that no other number gives, in the forms that the providers use. */
const hex = (length: number, index: number): string => index.toString(16).padStart(length, '0');
const uuid = (index: number): string => `00000000-0000-4000-8000-${hex(12, index)}`;

/** Cents that differ from delivery to delivery, so that no two errors cancel. */
const amountOf = (index: number): string =>
  `${(index % 97) + 1}.${String((index * 7) % 100).padStart(2, '0')}`;

/** The same for what is spent, small enough that no balance runs out. */
const spentOf = (index: number): string => `0.${(index % 89) + 10}`;

/** Money for a card's wallet, of which CryptoMate keeps no fee. */
export const cardDeposit = (
  deposit: Readonly<{ hash: string; walletId: string; amount: string }>,
): Uint8Array =>
  changed('cryptomate/constructed/c/cards-deposit-success.json', [
    [/0x296fc21107f3117f18c2f53224ad1f9418fa7a7a83d091d306313fc9be221ff4/g, deposit.hash],
    [/"wallet_id": "wlt_31"/, `"wallet_id": "${deposit.walletId}"`],
    [/"(amount|net_amount)": "[0-9.]+"/g, `"$1": "${deposit.amount}"`],
  ]);

/** A question at a shop of its own: clearings link by card and merchant, also those that came before. */
export const cardRequest = (
  request: Readonly<{ id: string; cardId: string; amount: string }>,
): Uint8Array =>
  changed('cryptomate/constructed/c/cards-authorization-pending.json', [
    [/life_evt_7Kq2/, `life_evt_${request.id}`],
    [/"card_id": "crd_7788"/, `"card_id": "${request.cardId}"`],
    [/"bill_amount": "[^"]+"/, `"bill_amount": "${request.amount}"`],
    [/"fx_fees": "[^"]+"/, '"fx_fees": "0.00"'],
    [/"id": "mch_58"/, `"id": "mch_${request.id}"`],
    [/"name": "Bar Sol"/, `"name": "Shop ${request.id}"`],
  ]);

const shapes: readonly ((index: number) => GeneratedDelivery)[] = [
  (index) => ({
    provider: 'cryptomate',
    kind: 'deposit',
    accountId: 'holder-1',
    asset: 'USD',
    amount: amountOf(index),
    body: cardDeposit({ hash: `0x${hex(64, index)}`, walletId: 'wlt_31', amount: amountOf(index) }),
  }),
  (index) => ({
    provider: 'cryptofuse',
    kind: 'deposit',
    accountId: 'holder-1',
    asset: 'USDT:TRON',
    amount: amountOf(index),
    body: changed('cryptofuse/constructed/g1/payment-completed.json', [
      [/"ntf_03"/, `"ntf_${index}"`],
      [/"payment_id": "[^"]+"/, `"payment_id": "${uuid(index)}"`],
      [/"transaction_hash": "[^"]+"/, `"transaction_hash": "${hex(64, index)}"`],
      [/"amount": 250.00/, `"amount": ${amountOf(index)}`],
    ]),
  }),
  (index) => ({
    provider: '4pay',
    kind: 'deposit',
    accountId: 'merchant',
    asset: 'USD',
    amount: amountOf(index),
    body: changed('4pay/constructed/flat/account-transaction-payin-completed.json', [
      [/"id": "[^"]+"/, `"id": "${uuid(index)}"`],
      [/"amount": "497.50"/, `"amount": "${amountOf(index)}"`],
    ]),
  }),
  (index) => ({
    provider: 'calypso',
    kind: 'deposit',
    accountId: 'merchant',
    asset: 'USDC:ETHEREUM',
    amount: amountOf(index),
    body: changed('calypso/constructed/wallet-funds-delivered-account.json', [
      [/"id": 410029/, `"id": ${500_000 + index}`],
      [/"transactionHash": "[^"]+"/, `"transactionHash": "0x${hex(64, index)}"`],
      [/"amount": 5000/, `"amount": ${amountOf(index)}`],
    ]),
  }),
  (index) => ({
    provider: 'cryptomate',
    kind: 'request',
    accountId: 'holder-1',
    asset: 'USD',
    amount: spentOf(index),
    body: cardRequest({ id: hex(12, index), cardId: 'crd_7788', amount: spentOf(index) }),
  }),
];

function changed(path: string, changes: readonly (readonly [RegExp, string])[]): Uint8Array {
  let body = text(path);
  for (const [from, to] of changes) {
    if (body.search(from) < 0) throw new Error(`${path} has no ${from.source}`);
    body = body.replace(from, to);
  }
  return new TextEncoder().encode(body);
}

/** One in so many is a request for a decision, the last of them. */
export const requestEvery = shapes.length;

/** The shapes in turn; the same index gives the same bytes. */
export function generatedDelivery(index: number): GeneratedDelivery {
  const shape = shapes[index % shapes.length];
  if (!shape) throw new Error('There are no shapes');
  return shape(index);
}
