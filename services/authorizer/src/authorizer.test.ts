import { accountId, balanceOf, type CanonicalOf } from '@counterfoil/domain';
import { amountOf, contextOf, cryptomate, referenceOf } from '@counterfoil/domain/testing';
import { inMemoryEventStore } from '@counterfoil/event-store';
import { derivedCommandId, ledger, ledgerCommands, nameHolder } from '@counterfoil/ledger';
import { processMetrics, silentLogger } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { describe, expect, test, vi } from 'vitest';
import { authorizer } from './authorizer.ts';

const card = referenceOf('cryptomate', 'card', 'card-1');
const request = cryptomate.requested('ask_1', amountOf('30'));
type Request = CanonicalOf<'AuthorizationRequested'>;

/** A player with 100 dollars and a card, and any number of authorizers on one store. */
async function playerWithCard(isLinked = true) {
  const clock = manualClock();
  const inner = inMemoryEventStore({ clock });
  let appendMs = 0;
  let held: Promise<void> | null = null;
  let isHolding = false;
  const store: typeof inner = {
    ...inner,
    appendToStream: async (append) => {
      if (held !== null) {
        const released = held;
        held = null;
        isHolding = true;
        await released;
      }
      const outcome = await inner.appendToStream(append);
      if (appendMs > 0) await clock.advance(appendMs);
      return outcome;
    },
  };
  const start = () => {
    const books = ledger({ store, unknownAccounts: 'open' });
    const { decide, withdraw } = authorizer({
      ledger: books,
      clock,
      logger: silentLogger,
      metrics: processMetrics(),
    });
    return {
      books,
      withdraw,
      ask: (asked: Request = request, timeLeftMs = 800) =>
        decide(asked, clock.monotonic() + timeLeftMs),
      money: async () => {
        const { available, held } = balanceOf(
          await books.accounts.load(accountId('player')),
          amountOf('0').asset,
        );
        return `${available / 10_000n} ${held / 10_000n}`;
      },
    };
  };
  const first = start();
  const commands = ledgerCommands(first.books);
  const by = (step: string) => ({
    ...contextOf(derivedCommandId('test', step)),
    actor: 'test',
  });
  await commands.openAccount(
    { accountId: accountId('player'), kind: 'player', references: isLinked ? [card] : [] },
    by('open'),
  );
  await commands.postAdjustment(
    {
      accountId: accountId('player'),
      adjustmentId: 'start',
      amount: amountOf('100'),
      direction: 'credit',
      reason: '',
      effectiveAt: null,
    },
    by('fund'),
  );
  return {
    ...first,
    start,
    link: (id: string) =>
      commands.linkReference({ reference: card, accountId: accountId(id) }, by(`link ${id}`)),
    slowDown: (milliseconds: number) => {
      appendMs = milliseconds;
    },
    /** The next append waits until it is let go. */
    holdBack: () => {
      let open = () => {};
      held = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { open: () => open(), isHolding: () => isHolding };
    },
  };
}

describe('an authorization request', () => {
  test('that the balance covers is approved, and its amount is held', async () => {
    const { ask, money } = await playerWithCard();
    expect(await ask()).toEqual({ kind: 'approved' });
    expect(await money()).toBe('7000 3000');
  });

  test('that it does not cover is declined', async () => {
    const { ask, money } = await playerWithCard();
    const dear = cryptomate.requested('ask_2', amountOf('100.01'));
    expect(await ask(dear)).toEqual({ kind: 'declined', reason: 'insufficient-funds' });
    expect(await money()).toBe('10000 0');
  });

  test('of a card that nobody has linked is declined, before and after it is linked', async () => {
    const { ask, link } = await playerWithCard(false);
    expect(await ask()).toEqual({ kind: 'declined', reason: 'card-unknown' });
    await link('player');
    expect(await ask()).toEqual({ kind: 'declined', reason: 'card-unknown' });
    expect(await ask(cryptomate.requested('ask_2', amountOf('1')))).toEqual({ kind: 'approved' });
  });

  test('asked twice gets the same answer, from any process, and holds once', async () => {
    const { ask, start, money } = await playerWithCard();
    const other = start();
    const answers = await Promise.all([ask(), other.ask(), ask(), other.ask()]);
    expect(answers).toEqual(answers.map(() => ({ kind: 'approved' })));
    expect(await money()).toBe('7000 3000');
    expect(await start().ask()).toEqual({ kind: 'approved' });
  });

  test('with another body under its id is declined, whatever was answered before', async () => {
    const { ask, money } = await playerWithCard();
    await ask();
    const other = cryptomate.requested('ask_1', amountOf('20'), { body: 'other' });
    expect(await ask(other)).toEqual({ kind: 'declined', reason: 'variant-of-request' });
    expect(await ask()).toEqual({ kind: 'approved' });
    expect(await money()).toBe('7000 3000');
  });

  test('is decided upon what all others have taken', async () => {
    const { ask, start, money } = await playerWithCard();
    const [left, right] = [start(), start()];
    const asked = Array.from({ length: 10 }, (_each, n) =>
      (n % 2 === 0 ? left : right).ask(cryptomate.requested(`ask_n${n}`, amountOf('30'))),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ kind }) => kind === 'approved').length).toBe(3);
    expect(await ask(cryptomate.requested('ask_last', amountOf('10')))).toEqual({
      kind: 'approved',
    });
    expect(await money()).toBe('0 10000');
  });
});

describe('an approval that is durable only after the deadline', () => {
  test('is taken back, answered as declined, and declined ever after', async () => {
    const { ask, slowDown, money, start } = await playerWithCard();
    slowDown(801);
    expect(await ask()).toEqual({ kind: 'declined', reason: 'deadline-passed' });
    slowDown(0);
    expect(await money()).toBe('10000 0');
    expect(await ask()).toEqual({ kind: 'declined', reason: 'deadline-passed' });
    expect(await start().ask()).toEqual({ kind: 'declined', reason: 'deadline-passed' });
  });

  test('at the deadline itself is in time', async () => {
    const { ask, slowDown } = await playerWithCard();
    slowDown(800);
    expect(await ask()).toEqual({ kind: 'approved' });
  });

  test.each([
    ['the first', 800, 1_600],
    ['the second', 1_600, 800],
  ])('for %s of two who ask at once is declined to both', async (_which, first, second) => {
    const { ask, slowDown, money } = await playerWithCard();
    slowDown(900);
    const answers = await Promise.all([ask(request, first), ask(request, second)]);
    expect(answers).toEqual(answers.map(() => ({ kind: 'declined', reason: 'deadline-passed' })));
    expect(await money()).toBe('10000 0');
  });
});

test('an approval that was given stands when a repeat of its request is late', async () => {
  const { ask, money } = await playerWithCard();
  await ask();
  await ask({ ...request, source: { ...request.source, deliveryId: 'another' } }, -1);
  expect(await money()).toBe('7000 3000');
  expect(await ask()).toEqual({ kind: 'approved' });
});

test('a withdrawal that overtakes the decision of another instance declines the request', async () => {
  const { start, holdBack, withdraw, money } = await playerWithCard();
  const slow = start();
  const release = holdBack();
  const deciding = slow.ask();
  await vi.waitFor(() => expect(release.isHolding()).toBe(true));
  await withdraw(request);
  release.open();
  expect(await deciding).toEqual({ kind: 'declined', reason: 'deadline-passed' });
  expect(await money()).toBe('10000 0');
});

test('a request that nobody decided is declined by its withdrawal, of any card', async () => {
  const known = await playerWithCard();
  await known.withdraw(request);
  expect(await known.ask()).toEqual({ kind: 'declined', reason: 'deadline-passed' });
  const unknown = await playerWithCard(false);
  await unknown.withdraw(request);
  expect(await unknown.ask()).toEqual({ kind: 'declined', reason: 'deadline-passed' });
});

test('an approval that is being withdrawn is given to nobody', async () => {
  const { ask, withdraw, slowDown, money } = await playerWithCard();
  await ask();
  slowDown(1);
  const [, answer] = await Promise.all([withdraw(request), ask()]);
  expect(answer).toEqual({ kind: 'declined', reason: 'deadline-passed' });
  expect(await money()).toBe('10000 0');
});

test('an approval that could not be given is withdrawn, once', async () => {
  const { ask, withdraw, money } = await playerWithCard();
  await ask();
  await withdraw(request);
  await withdraw(request);
  expect(await money()).toBe('10000 0');
});

test('an approval stands when another body under its id is withdrawn', async () => {
  const { ask, withdraw, money } = await playerWithCard();
  const other = cryptomate.requested('ask_1', amountOf('20'), { body: 'other' });
  await ask();
  await withdraw(other);
  expect(await money()).toBe('7000 3000');
  expect(await ask()).toEqual({ kind: 'approved' });
  expect(await ask(other)).toEqual({ kind: 'declined', reason: 'variant-of-request' });
});

test('an approval that another process has taken back is not given again', async () => {
  const { ask, start } = await playerWithCard();
  const other = start();
  expect([await ask(), await other.ask()]).toEqual([{ kind: 'approved' }, { kind: 'approved' }]);
  await other.withdraw(request);
  expect(await ask()).toEqual({ kind: 'declined', reason: 'deadline-passed' });
});

test('an approval is withdrawn where another process has moved it', async () => {
  const { ask, withdraw, books, start } = await playerWithCard(false);
  const by = (step: string) => ({ ...contextOf(derivedCommandId('move', step)), actor: 'test' });
  const holder = referenceOf('cryptomate', 'client', 'client-1');
  const player = { reference: holder, accountId: accountId('player') };
  await nameHolder(books, { reference: card, holder }, by('name'));
  await ledgerCommands(books).linkReference(player, by('link'));
  expect(await ask()).toEqual({ kind: 'approved' });
  const other = start();
  const opened = { accountId: accountId('other'), kind: 'player', references: [card] } as const;
  await ledgerCommands(other.books).openAccount(opened, by('open'));
  await withdraw(request);
  const { held } = balanceOf(await other.books.accounts.loadLatest('other'), amountOf('0').asset);
  expect(held).toBe(0n);
});
