import {
  type AccountEvent,
  accountId,
  type CommandContext,
  commandId,
  correlationId,
  instant,
  toWire,
} from '@counterfoil/domain';
import { amountOf, deposits, referenceOf, totalsOf } from '@counterfoil/domain/testing';
import { type EventStore, inMemoryEventStore } from '@counterfoil/event-store';
import { systemClock } from '@counterfoil/runtime';
import { v5 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { ledger } from './ledger.ts';
import { finishHalfMoves, moveBetweenAccounts } from './move-between-accounts.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const [kept, player] = [accountId('auto.kept'), accountId('player')];
const contextOf = (id: string): CommandContext => ({
  commandId: commandId(v5(id, v5.URL)),
  correlationId: correlationId(id),
  now: instant(0),
});
const context = contextOf('move');

/** Two accounts of which one keeps deposits, each of a dollar. */
async function keptDeposits(count: number, idLength = 0) {
  const store = inMemoryEventStore({ clock: systemClock() });
  const process = (on: EventStore = store) => ledger({ store: on, unknownAccounts: 'open' });
  const { accounts } = process();
  for (const [id, openedFor] of [
    [kept, wallet],
    [player, null],
  ] as const)
    await accounts.handle(id, {
      type: 'OpenAccount',
      data: { owner: { place: 'account', accountId: id, kind: 'player' }, openedFor },
      context: contextOf(`open ${id}`),
    });
  const record = (to: typeof kept, name: string) =>
    accounts.handle(to, {
      type: 'RecordFact',
      data: { event: deposits.confirmed(name, amountOf('1')), side: null, aliases: [] },
      context: contextOf(`${to} ${name}`),
    });
  const names = Array.from({ length: count }, (_each, n) => `deposit-${n}`.padEnd(idLength, '.'));
  await Promise.all(names.map((name) => record(kept, name)));
  const log = async () =>
    (await store.readAll({ after: 'start', limit: 100_000 })).events.map(({ event }) => event);
  const totals = async () => totalsOf((await log()) as readonly AccountEvent[]);
  return { store, process, record, log, totals };
}

const dollars = (count: number) => amountOf(`${count}`).units;
const allAtPlayer = (count: number) =>
  new Map([
    [`accounts:${player}:available USD`, dollars(count)],
    ['providers:cryptofuse:account USD', -dollars(count)],
  ]);
const move = { linkedBy: wallet, reference: wallet, from: kept, to: player };

test('an account with more than fits into one event moves whole', async () => {
  const count = 2_000;
  const { process, totals } = await keptDeposits(count, 500);
  const { moved } = await moveBetweenAccounts(process(), move, context);
  const length = moved.reduce((total, part) => total + JSON.stringify(toWire(part)).length, 0);
  expect(length).toBeGreaterThan(4 * 1024 * 1024);
  expect(await totals()).toEqual(allAtPlayer(count));
});

describe('a move in parts that dies at any of its steps', () => {
  // Two deposits at most in one part, so three parts, each of which leaves and arrives.
  const lengthMax = 1_500;
  const steps = [0, 1, 2, 3, 4, 5];

  test.each(steps)('is finished by the next process, whatever came between (%i)', async (lives) => {
    const { store, process, record, log, totals } = await keptDeposits(5);
    let appends = 0;
    const mortal: EventStore = {
      ...store,
      appendToStream: async (append) => {
        if (appends++ === lives) throw new Error('killed');
        return store.appendToStream(append);
      },
    };
    const killed = moveBetweenAccounts(process(mortal), move, context, lengthMax);
    await expect(killed).rejects.toThrow('killed');
    // One that the former owner has too, and one that is news.
    for (const name of ['deposit-4', 'deposit-5']) await record(player, name);
    const finish = async () => {
      const next = process();
      const used = { reference: wallet, accounts: [kept, player] };
      await finishHalfMoves(next, used, context);
      expect((await totals()).get('platform:transit USD')).toBeUndefined();
      await moveBetweenAccounts(next, move, context, lengthMax);
    };
    await finish();
    expect(await totals()).toEqual(allAtPlayer(6));
    const events = await log();
    expect(events.filter(({ type }) => type === 'MoneyMovedIn').length).toBe(3);
    await finish();
    expect((await log()).length).toBe(events.length);
  });

  test('is what several processes do at once', async () => {
    const { process, totals } = await keptDeposits(5);
    const processes = [process(), process(), process()];
    await Promise.all(processes.map((each) => moveBetweenAccounts(each, move, context, lengthMax)));
    expect(await totals()).toEqual(allAtPlayer(5));
  });
});

test('accounts that may have begun a move are read side by side, not all at once', async () => {
  const { store, process } = await keptDeposits(0);
  let [reading, most] = [0, 0];
  const counted: EventStore = {
    ...store,
    readStream: async (...asked) => {
      most = Math.max(most, ++reading);
      await Promise.resolve();
      reading -= 1;
      return store.readStream(...asked);
    },
  };
  const accounts = Array.from({ length: 100 }, (_each, n) => accountId(`account-${n}`));
  await finishHalfMoves(process(counted), { reference: wallet, accounts }, context);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThan(50);
});
