import { describe, expect, it } from 'vitest';
import { ownersOf, plain } from '../testing/event-text.ts';
import { changed, keyOf, only, state, updatedAt } from '../testing/fourpay-delivery.ts';
import { sampleReceivedAt } from '../testing/index.ts';
import { cardStatuses } from './event-names.ts';

describe('the rows of card_state', () => {
  const statuses: Readonly<Record<string, string>> = {
    creating: 'creating',
    creating_failed: 'creation-failed',
    active: 'active',
    frozen: 'frozen',
    blocked: 'blocked',
    closed: 'closed',
    expired: 'expired',
  };
  it.each(Object.entries(statuses))('%s is told, flat and nested alike', (wire, status) => {
    const { accountUuid, cardOwnerId, id: cardId, ...rest } = state(wire);
    const nested = {
      account: { id: accountUuid },
      card: { ...rest, cardId, cardOwner: { cardOwnerId } },
    };
    for (const body of [state(wire), { data: nested }]) {
      const event = only(body);
      expect({ type: event.type, data: plain(event), effect: event.effectKey }).toEqual({
        type: 'CardStatusChanged',
        data: {
          cardId: 'card-1',
          status,
          reason: null,
          changedAt: changed,
          reportedBalance: '45.00 USD',
          holder: { provider: '4pay', kind: 'client', externalId: 'player-77' },
        },
        effect: `4pay|card|card-1|${status}|${changed}`,
      });
      expect(event.references).toEqual({ accountId: 'acc-1' });
      expect(keyOf(body)).toBe(`card_state|card-1|${wire}|${updatedAt}`);
    }
  });

  it('cover every documented status', () => {
    expect(Object.keys(statuses).sort()).toEqual([...cardStatuses].sort());
  });

  it("name the card's holder, so that the card follows its account (decision 21)", () => {
    expect(ownersOf(only(state('active')))).toEqual(['card card-1', 'client player-77']);
    const unnamed = only(state('active', { cardOwnerId: null }));
    expect(unnamed.data).toMatchObject({ holder: null });
    expect(ownersOf(unnamed)).toEqual(['card card-1']);
  });

  it('report balances only, also when nothing else changed (decisions 11 and 19)', () => {
    const closed = only(state('closed', { availableBalance: null }));
    expect(plain(closed)).toMatchObject({ status: 'closed', reportedBalance: '50.00 USD' });
    const silent = { balance: null, availableBalance: null };
    expect(only(state('active', silent)).data).toMatchObject({ reportedBalance: null });
    expect(only(state('active')).effectKey).not.toBe(
      only(state('active', { updatedAt: '2025-06-01T11:05:00Z' })).effectKey,
    );
  });

  it('read cardStatus as status, and the receipt as the time where none is stated', () => {
    const { status: _, updatedAt: __, ...rest } = state('active');
    const event = only({ ...rest, cardStatus: 'frozen' });
    expect(event.data).toMatchObject({ status: 'frozen', changedAt: sampleReceivedAt });
  });
});
