import { type CanonicalEvent, instant, type Reference } from '@counterfoil/domain';
import {
  amountOf,
  canonicalEvent,
  deposits,
  referenceOf,
  settledBy,
  withdrawals,
} from '@counterfoil/domain/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const client = referenceOf('cryptofuse', 'client', 'client-1');
const merchant = referenceOf('cryptofuse', 'account', 'main');
const invoice = referenceOf('cryptofuse', 'invoice', 'i1');
const order = referenceOf('cryptofuse', 'withdrawal', 'w1');

/** As adapters name owners: what the body says, and our account where it says nothing (R13). */
const named: fc.Arbitrary<readonly Reference[]> = fc
  .subarray([wallet, client])
  .map((owners) => (owners.length === 0 ? [merchant] : owners));

const opened: CanonicalEvent = canonicalEvent(
  'InvoiceOpened',
  { invoiceId: 'i1', amountAsked: amountOf('7'), asset: null, expiresAt: null },
  { provider: 'cryptofuse', id: 'opened', owners: [], effectKey: null },
);

const facts: fc.Arbitrary<readonly CanonicalEvent[]> = fc
  .tuple(named, named, named, named, named, named, named)
  .map(([one, two, three, four, five, six, seven]) => [
    withdrawals.requested('w1', amountOf('30'), { owners: one }),
    withdrawals.progressed('w1', { owners: two, at: instant(1_767_268_900_000) }),
    withdrawals.completed('w1', amountOf('30'), { owners: three }),
    deposits.confirmed('d1', amountOf('100'), { owners: four }),
    deposits.confirmed('d1', amountOf('100'), { owners: five, body: 'other' }),
    { ...opened, owners: [invoice, ...six] },
    { ...settledBy(invoice, amountOf('7'), 'd9'), owners: [invoice, ...seven] },
  ]);

const links = [
  ['by-wallet', wallet],
  ['by-client', client],
  ['house', merchant],
  ['by-invoice', invoice],
  ['by-order', order],
] as const;

test('whatever owners bodies name, in any order, with links in between, everything posts once', async () => {
  const story = facts.chain((events) =>
    fc.record({
      events: fc.constant(events),
      steps: fc.shuffledSubarray([...events.keys(), ...events.keys(), -1, -2, -3, -4, -5], {
        minLength: events.length * 2 + 1,
      }),
      unknownAccounts: fc.constantFrom('open' as const, 'suspend' as const),
    }),
  );
  await fc.assert(
    fc.asyncProperty(story, async ({ events, steps, unknownAccounts }) => {
      const { startProcess, totals } = sharedStore(unknownAccounts);
      const processes = [startProcess(), startProcess()];
      for (const [place, step] of steps.entries()) {
        const process = processes[place % 2];
        const event = events[step];
        const [id = '', reference = order] = links[-step - 1] ?? [];
        await (event ? process?.record(event) : process?.open(id, reference));
      }
      // What a subset left out was told as well.
      for (const event of events) await processes[0]?.record(event);
      await processes[1]?.finish();
      const rest = [...(await totals())].filter(([, units]) => units !== 0n);
      const sum = (part: string) =>
        rest.reduce((total, [at, units]) => total + (at.includes(part) ? units : 0n), 0n);
      expect(sum(':available') + sum('suspense')).toBe(amountOf('77').units);
      expect(rest.filter(([at]) => /transit|reserved|held/.test(at))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
