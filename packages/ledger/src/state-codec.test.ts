import {
  type Account,
  type AccountCommand,
  accountDecider,
  accountId,
  type JsonObject,
  persistentMap,
} from '@counterfoil/domain';
import {
  after,
  amountOf,
  contextOf,
  decideAuthorization,
  fundedBook,
  lifecycleCases,
  outcomeOf,
} from '@counterfoil/domain/testing';
import { inMemoryEventStore, inMemorySnapshotStore } from '@counterfoil/event-store';
import { manualClock } from '@counterfoil/runtime/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ledger } from './ledger.ts';
import { stateFromJson, stateToJson } from './state-codec.ts';

const restored = <State extends object>(state: State): State =>
  stateFromJson<State>(JSON.parse(JSON.stringify(stateToJson(state))) as JsonObject);

describe('a folded state', () => {
  test('is read back from JSON with everything that JSON has no form for', () => {
    const state = {
      units: 123n,
      names: new Set(['b', 'a']),
      balances: new Map([['USD', { available: -5n }]]),
      holds: persistentMap([['x', { held: 1n, at: 5 }]]),
      none: null,
      list: [[1n], 'text', true],
    };
    const back = restored(state);
    expect({ ...back, holds: null }).toEqual({ ...state, holds: null });
    expect(back.holds.get('x')).toEqual({ held: 1n, at: 5 });
    expect(back.holds.size).toBe(1);
  });

  test('that holds what cannot be kept is a fault of ours', () =>
    expect(() => stateToJson({ decide: () => null })).toThrow('function'));

  test.each(lifecycleCases)('of %s, restored, decides as before', (_name, drawn) => {
    fc.assert(
      fc.property(drawn, fc.nat(30), ({ requests, facts }, cut) => {
        const book = after(
          fundedBook('1000'),
          ...requests.map(decideAuthorization),
          ...facts.slice(0, cut),
        );
        const kept = { ...book, account: restored(book.account) };
        for (const command of facts)
          expect(accountDecider.decide(command, kept.account)).toEqual(
            accountDecider.decide(command, book.account),
          );
        expect(outcomeOf(after(kept, ...facts))).toEqual(outcomeOf(after(book, ...facts)));
      }),
      { numRuns: 15 },
    );
  });
});

test('a ledger that starts from a snapshot goes on where the other one stopped', async () => {
  const store = inMemoryEventStore({ clock: manualClock() });
  const snapshots = inMemorySnapshotStore();
  const options = { store, snapshots, unknownAccounts: 'open' as const };
  const id = accountId('player-1');
  const post = (n: number): AccountCommand => ({
    type: 'PostAdjustment',
    data: {
      adjustmentId: `a${n}`,
      amount: amountOf('1'),
      direction: 'credit',
      reason: '',
      actor: 'test',
      effectiveAt: null,
    },
    context: contextOf(`00000000-0000-4000-8000-${`${n}`.padStart(12, '0')}`),
  });
  const owner = { place: 'account', accountId: id, kind: 'player' } as const;
  const first = ledger(options);
  await first.accounts.handle(id, {
    type: 'OpenAccount',
    data: { owner, openedFor: null },
    context: contextOf('00000000-0000-4000-8000-ffffffffffff'),
  });
  const many = Array.from({ length: 1_200 }, (_each, n) => n);
  await Promise.all(many.map((n) => first.accounts.handle(id, post(n))));
  await first.accounts.handle(id, post(1_200));
  const kept = await snapshots.load('account-player-1', 7);
  expect(kept?.version).toBeGreaterThanOrEqual(1_000n);
  const second = ledger(options);
  const again = await second.accounts.handle(id, post(7));
  expect(again).toMatchObject({ ok: true });
  const balances = (account: Account) => [...account.balances];
  expect(balances(await second.accounts.load(id))).toEqual(balances(await first.accounts.load(id)));
});
