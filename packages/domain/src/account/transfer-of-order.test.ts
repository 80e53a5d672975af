import { describe, expect, test } from 'vitest';
import type { CanonicalOf } from '../canonical/events.ts';
import {
  type AccountBook,
  after,
  contextOf,
  effectIn,
  fundedBook,
  inEveryOrder,
  leaving,
  moneyIn,
  openedBook,
  recordFact,
  recordTransfer,
  reviewsIn,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, referenceOf } from '../testing/canonical-builder.ts';
import { transferFailed, transferred, withdrawals } from '../testing/money-facts.ts';
import type { AccountCommand } from './messages.ts';

const provider = 'cryptomate';
const fifty = amountOf('50');
const wallet = referenceOf(provider, 'wallet', 'w');
const far = referenceOf(provider, 'address', '0x1');
const owners = [referenceOf(provider, 'withdrawal', 'op-1'), wallet];
const rest = { provider, owners } as const;
const transfer: CanonicalOf<'TransferCompleted'> = {
  ...transferred('op-1', fifty, wallet, far, { provider }),
  owners,
};
const failed = transferFailed('op-1', rest);
const place: AccountCommand = {
  type: 'PlaceOrder',
  data: {
    order: { kind: 'withdrawal', provider, orderId: 'op-1', amount: fifty, fee: amountOf('1') },
  },
  context: contextOf('order'),
};
const sent = ({ log }: AccountBook, address: string) => totalsOf(log).get(`${address} USD`);

describe('a transfer that carries out an order of ours', () => {
  test.each([
    ['from', 'platform:transit'],
    ['out', 'providers:cryptomate:account'],
  ] as const)('moves the money once and ends the reserve: side %s', (side, address) => {
    const facts = [
      recordTransfer(transfer, side),
      recordFact(withdrawals.progressed('op-1', rest)),
    ];
    for (const commands of inEveryOrder([place, ...facts])) {
      const book = after(fundedBook('100'), ...commands, ...facts);
      expect(moneyIn(book)).toBe('50.00 0.00 0.00');
      expect(sent(book, address)).toBe(fifty.units);
      expect(reviewsIn(book)).toEqual([]);
    }
  });

  test('does so in one transaction', () => {
    const { log } = after(fundedBook('100'), place, recordTransfer(transfer, 'from'));
    expect(log.map(({ type }) => type).slice(-2)).toEqual(['OrderPlaced', 'TransferSent']);
    const last = log.at(-1);
    expect(last && effectIn(last)?.transaction?.postings).toEqual([
      {
        source: 'accounts:player-1:reserved',
        destination: 'platform:transit',
        amount: fifty,
      },
      {
        source: 'accounts:player-1:reserved',
        destination: 'accounts:player-1:available',
        amount: amountOf('1'),
      },
    ]);
  });

  test('ends what the provider’s request has reserved', () => {
    const facts = [
      recordFact(withdrawals.requested('op-1', fifty, rest)),
      recordTransfer(transfer, 'from'),
    ];
    for (const commands of inEveryOrder(facts))
      expect(moneyIn(after(fundedBook('100'), ...commands))).toBe('50.00 0.00 0.00');
  });

  test('is found by a second body that alone names the order', () => {
    const bare = transferred('op-1', fifty, wallet, far, { provider, body: 'bare' });
    const facts = [recordTransfer(bare, 'from'), recordTransfer(transfer, 'from')];
    for (const commands of inEveryOrder([place, ...facts]))
      expect(moneyIn(after(fundedBook('200'), ...commands))).toBe('150.00 0.00 0.00');
  });

  test('reserves and ends nothing at the end that receives', () => {
    const book = after(fundedBook('100'), place, recordTransfer(transfer, 'to'));
    expect(moneyIn(book)).toBe('99.00 0.00 51.00');
  });

  test('counts beside every failure, and a person looks at the two', () => {
    for (const failure of [failed, withdrawals.failed('op-1', rest)])
      for (const commands of inEveryOrder([
        place,
        recordTransfer(transfer, 'from'),
        recordFact(failure),
      ])) {
        const book = after(fundedBook('100'), ...commands);
        expect(moneyIn(book)).toBe('50.00 0.00 0.00');
        expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
      }
  });

  test('moves the money once also where the withdrawal is said to have left, and a person looks', () => {
    const facts = [
      recordTransfer(transfer, 'from'),
      recordFact(withdrawals.completed('op-1', fifty, rest)),
    ];
    for (const commands of inEveryOrder([place, ...facts])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('50.00 0.00 0.00');
      expect(sent(book, 'platform:transit')).toBe(fifty.units);
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
    }
  });
});

describe('a transfer that failed', () => {
  test('returns what the order has reserved', () => {
    for (const commands of inEveryOrder([place, recordFact(failed)])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('100.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual([]);
    }
  });

  test('returns nothing once it was seen on a chain, until a person has confirmed it', () => {
    const broadcast = recordFact({ ...failed, data: { ...failed.data, chainHash: '0xabc' } });
    for (const commands of inEveryOrder([place, broadcast])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 51.00');
      expect(reviewsIn(book)).toEqual(['failure-after-broadcast']);
      const confirmed = after(book, {
        type: 'ResolveReview',
        data: {
          reviewId: 'failure-after-broadcast|order|cryptomate:withdrawal:op-1',
          ruling: 'failure-confirmed',
          note: '',
          actor: 'test',
        },
        context: contextOf('rule'),
      });
      expect(moneyIn(confirmed)).toBe('100.00 0.00 0.00');
    }
  });
});

describe('a transfer of an order that is linked later', () => {
  const moved = (from: AccountBook, to: AccountBook) => {
    const { sender, arrive } = leaving(from, owners[0] ?? wallet);
    const receiver = after(to, arrive);
    return { sender, receiver };
  };
  const told = recordTransfer(transfer, 'from');
  const kept = () => after(openedBook('kept', wallet), told);

  test('ends the reserve of the account that has the order, before or after it was placed', () => {
    const { sender, receiver } = moved(kept(), after(fundedBook('100'), place));
    expect(moneyIn(sender)).toBe('0.00 0.00 0.00');
    expect(moneyIn(receiver)).toBe('50.00 0.00 0.00');
    const late = after(moved(kept(), fundedBook('100')).receiver, place);
    expect(moneyIn(late)).toBe('50.00 0.00 0.00');
    expect(after(late, told).log).toEqual(late.log);
  });

  test('is debited once where both were told', () => {
    const { sender, receiver } = moved(kept(), after(fundedBook('100'), place, told));
    expect(moneyIn(receiver)).toBe('50.00 0.00 0.00');
    expect(totalsOf([...sender.log, ...receiver.log]).get('platform:transit USD')).toBe(
      fifty.units,
    );
  });
});
