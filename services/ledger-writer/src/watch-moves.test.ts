import { accountId, type Checkpoint, referenceKey } from '@counterfoil/domain';
import { amountOf, deposits, referenceOf } from '@counterfoil/domain/testing';
import { silentLogger } from '@counterfoil/runtime';
import { expect, test, vi } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';
import { watchMoves } from './watch-moves.ts';

const thirty = amountOf('30');
const [first, second] = ['wallet-1', 'wallet-2'].map((id) =>
  referenceOf('cryptofuse', 'wallet', id),
) as [ReturnType<typeof referenceOf>, ReturnType<typeof referenceOf>];

test('a move that fails is set aside: the others go on, and it is come back to', async () => {
  const { startProcess, clock, store } = sharedStore();
  const process = startProcess();
  for (const wallet of [first, second]) {
    const name = wallet.externalId;
    await process.record(deposits.confirmed(`d-${name}`, thirty, { owners: [wallet] }));
    await process.open(`player-of-${name}`);
    // As if the process had died right after the link was stored.
    await process.books.references.handle(referenceKey(wallet), {
      type: 'LinkReference',
      data: { reference: wallet, accountId: accountId(`player-of-${name}`), actor: 'test' },
      context: process.request(),
    });
  }
  let isStuck = true;
  const failing: typeof store = {
    ...store,
    appendToStream: async (append) => {
      if (isStuck && append.stream === 'account-auto.cryptofuse.wallet.wallet-1')
        throw new Error('too large');
      return store.appendToStream(append);
    },
  };
  const saved: Checkpoint[] = [];
  const stop = new AbortController();
  const watching = watchMoves({
    ledger: startProcess({ on: failing }).books,
    store: failing,
    checkpoints: { load: async () => 'start', save: async (at) => void saved.push(at) },
    clock,
    logger: silentLogger,
    signal: stop.signal,
  });
  const money = (id: string) => startProcess().money(id);
  await vi.waitFor(async () => expect(await money('player-of-wallet-2')).toBe('30.00 0.00 0.00'));
  expect(await money('player-of-wallet-1')).toBe('0.00 0.00 0.00');
  expect(saved).toEqual([]);
  isStuck = false;
  await vi.waitFor(async () => {
    await clock.advance(5_000);
    expect(await money('player-of-wallet-1')).toBe('30.00 0.00 0.00');
    expect(saved).not.toEqual([]);
  });
  stop.abort();
  await watching;
});
