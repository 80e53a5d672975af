import { amountOf, cryptomate, dayMs, noon, referenceOf } from '@counterfoil/domain/testing';
import { silentLogger } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { expireRound } from './expire-holds.ts';
import { sharedStore } from './testing/shared-store.ts';

test('holds that are due are released, and the account has the last word on what is due', async () => {
  const { startProcess, clock } = sharedStore();
  const process = startProcess();
  await process.open('player', referenceOf('cryptomate', 'card', 'card-1'));
  await process.record(cryptomate.confirmed('ok_1', amountOf('30')));
  await process.record(cryptomate.confirmed('ok_2', amountOf('5'), { changedAt: noon, at: noon }));
  const due = (keys: readonly string[]) => async () =>
    keys.map((key) => ({ accountId: 'player', holdId: `card|cryptomate|card-1|${key}` }));
  const round = (keys: readonly string[]) =>
    expireRound({ ledger: process.books, dueHolds: due(keys), clock, logger: silentLogger });
  await clock.advance(noon + 29 * dayMs - clock.now());
  expect(await round(['1', '2', 'unknown'])).toBe(0);
  await clock.advance(dayMs);
  expect(await round(['1', 'unknown'])).toBe(1);
  expect(await process.money('player')).toBe('-5.00 5.00 0.00');
  await clock.advance(1);
  expect(await round(['1'])).toBe(0);
});
