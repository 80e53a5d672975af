import { instantText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { ownersOf, plain } from '../testing/event-text.ts';
import {
  changed,
  flatCard,
  keyOf,
  nestedCard,
  notice,
  only,
  type Row,
  updatedAt,
} from '../testing/fourpay-delivery.ts';
import { cardTransactionStatuses, cardTransactionTypes } from './event-names.ts';

describe('the rows of card_transaction', () => {
  const card = { cardId: 'card-1', linkId: null, authorizationId: 'tx-1', amount: '42.10 USD' };
  const from = { provider: '4pay', kind: 'account', externalId: 'acc-1' };
  const to = { provider: '4pay', kind: 'card', externalId: 'card-1' };
  const moved = { transferId: 'tx-1', amount: '42.10 USD', fees: [], isOutsidePossible: false };
  const failed = (reason: string): Row => ({
    type: 'TransferFailed',
    data: { transferId: 'tx-1', reason },
    effect: 'transfer|tx-1|failed',
  });
  const rows: Readonly<Record<string, Row>> = {
    'purchase authorized': {
      type: 'AuthorizationConfirmed',
      data: { ...card, fees: [], holdTotal: '42.10 USD', changedAt: changed },
      effect: `authorization|tx-1|confirmed|${changed}`,
    },
    'purchase completed': {
      type: 'ClearingReceived',
      data: { ...card, clearingId: 'tx-1', fees: [], isFinal: true, amountMeans: 'piece' },
      effect: 'clearing|tx-1',
    },
    'purchase declined': {
      type: 'AuthorizationDeclined',
      data: { ...card, reasonCode: null },
      effect: 'authorization|tx-1|declined',
    },
    'purchase canceled': {
      type: 'AuthorizationReversed',
      data: { ...card, reversalId: 'tx-1', fees: [], isFull: true },
      effect: 'reversal|tx-1',
    },
    'refund authorized': notice('refund-announced'),
    'refund completed': {
      type: 'RefundReceived',
      data: { ...card, authorizationId: null, refundId: 'tx-1', fees: [], feesAre: 'charged' },
      effect: 'refund|tx-1',
    },
    'refund declined': notice('refund-canceled'),
    'refund canceled': notice('refund-canceled'),
    'fee authorized': notice('fee-announced'),
    'fee completed': {
      type: 'FeeCharged',
      data: { feeId: 'tx-1', kind: 'transaction', amount: '42.10 USD', relatedTo: null },
      effect: 'fee|tx-1',
    },
    'fee declined': notice('fee-canceled'),
    'fee canceled': notice('fee-canceled'),
    'top_up authorized': notice('transfer-pending'),
    'top_up completed': {
      type: 'TransferCompleted',
      data: { ...moved, from, to },
      effect: 'transfer|tx-1|completed',
    },
    'top_up declined': failed('declined'),
    'top_up canceled': failed('canceled'),
    'withdrawal authorized': notice('transfer-pending'),
    'withdrawal completed': {
      type: 'TransferCompleted',
      data: { ...moved, from: to, to: from },
      effect: 'transfer|tx-1|completed',
    },
    'withdrawal declined': failed('declined'),
    'withdrawal canceled': failed('canceled'),
  };

  it.each(Object.entries(rows))(
    '%s is told, flat and nested alike (decision 4)',
    (row, expected) => {
      const [type = '', status = ''] = row.split(' ');
      for (const body of [flatCard(type, status), nestedCard(type, status)]) {
        const event = only(body);
        const { merchant: _, ...data } = plain(event) as Record<string, unknown>;
        expect({ type: event.type, data, effect: event.effectKey }).toEqual({
          ...expected,
          effect: expected.effect === null ? null : `4pay|${expected.effect}`,
        });
        expect(ownersOf(event)).toEqual(['card card-1']);
        expect(instantText(event.occurredAt)).toBe(changed);
        expect(event.source.providerEvent).toBe(`card_transaction ${row}`);
        expect(keyOf(body)).toBe(`card_transaction|tx-1|${status}|${updatedAt}`);
      }
    },
  );

  it('are there for every documented type and status', () => {
    const pairs = cardTransactionTypes.flatMap((type) =>
      cardTransactionStatuses.map((status) => `${type} ${status}`),
    );
    expect(Object.keys(rows).sort()).toEqual(pairs.sort());
  });

  it('name the shop, the reason and the network references', () => {
    const event = only(
      nestedCard('purchase', 'declined', {
        parentId: 'tx-0',
        transactionDetails: {
          card: { id: 'card-1' },
          type: 'purchase',
          merchantName: 'Example Shop',
          merchantCountry: 'DE',
          declineReason: 'INSUFFICIENT_FUNDS',
          rrn: '000000000001',
          authorizationCode: 'A1B2C3',
        },
      }),
    );
    expect(event.data).toMatchObject({
      reasonCode: 'INSUFFICIENT_FUNDS',
      merchant: {
        id: null,
        name: 'Example Shop',
        categoryCode: null,
        country: 'DE',
        currency: 'EUR',
      },
    });
    expect(event.references).toEqual({
      parentId: 'tx-0',
      accountId: 'acc-1',
      rrn: '000000000001',
      authorizationCode: 'A1B2C3',
      transactionId: 'tx-1',
    });
    const shop = { merchantName: 'Example Shop', merchantCategory: '5411' };
    expect(only(flatCard('purchase', 'completed', shop)).data).toMatchObject({
      merchant: { name: 'Example Shop', categoryCode: '5411', currency: null },
    });
    expect(only(flatCard('purchase', 'completed')).data).toMatchObject({ merchant: null });
  });

  it("read the upstream's names as the same fields (decision 4)", () => {
    const { cardUuid: cardId, accountUuid: accountId, ...rest } = flatCard('top_up', 'completed');
    const named = only({ ...rest, cardId, accountId, mcc: '5411' });
    expect(named.data).toEqual(only(flatCard('top_up', 'completed')).data);
  });

  it('name the holder only where the body does', () => {
    const event = only(flatCard('purchase', 'completed', { cardOwnerId: 'player-77' }));
    expect(ownersOf(event)).toEqual(['card card-1', 'client player-77']);
  });

  it('take parentId as a hint for refunds and fees (decision 10)', () => {
    const refund = only(flatCard('refund', 'completed', { parentId: 'tx-0' }));
    expect(refund.data).toMatchObject({ authorizationId: 'tx-0' });
    const fee = only(flatCard('fee', 'completed', { parentId: 'tx-0' }));
    expect(fee.data).toMatchObject({ relatedTo: 'tx-0' });
  });

  it('read the fee of a fee as the fee itself (decision 7)', () => {
    const event = only(flatCard('fee', 'completed', { feeAmount: '42.10' }));
    expect(plain(event)).toMatchObject({ amount: '42.10 USD' });
  });
});
