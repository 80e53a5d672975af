import type { Check } from '@counterfoil/provider-simulator';
import type { VerifyReport } from '@counterfoil/read-models';
import type { CaughtUp } from './caught-up.ts';
import type { Delivered } from './deliver.ts';
import type { Books, ProviderCounts } from './demo-report.ts';
import type { Expectations } from './expectations.ts';

/** Found against expected, both as text that is compared digit for digit. */
const check = (name: string, found: string, expected: string): Check => ({
  name,
  ok: found === expected,
  detail: found === expected ? found : `${found}, expected ${expected}`,
});

/** Each authorization by itself; what is acknowledged or refused as one line a provider. */
export function checkAnswers(delivered: readonly Delivered[]): readonly Check[] {
  const providers = [...new Set(delivered.map(({ provider }) => provider))];
  return [
    ...providers.flatMap((provider) => {
      const own = delivered.filter((delivery) => delivery.provider === provider);
      const isRefusal = ({ credential }: Delivered) => credential !== 'right';
      const plain = own.filter(({ decision }) => decision === null);
      return [
        asExpected(
          `${provider}: every delivery acknowledged in its own form`,
          plain.filter((delivery) => !isRefusal(delivery)),
        ),
        asExpected(
          `${provider}: wrong and missing credentials answered 401`,
          plain.filter(isRefusal),
        ),
      ];
    }),
    ...delivered
      .filter(({ decision }) => decision !== null)
      .map((delivery) =>
        check(
          `authorization ${delivery.path}${delivery.isRepeat ? ', again' : ''}`,
          textOf(delivery.answer),
          textOf(delivery.expected),
        ),
      ),
  ];
}

/** A refusal is a problem, which names its request: no two are alike. */
const textOf = ({ status, body }: Delivered['answer']): string =>
  status === 401 ? `${status}` : `${status} ${body}`;

function asExpected(name: string, deliveries: readonly Delivered[]): Check {
  const wrong = deliveries.find(({ answer, expected }) => textOf(answer) !== textOf(expected));
  if (!wrong) return { name, ok: true, detail: `${deliveries.length} of ${deliveries.length}` };
  const { path, answer, expected } = wrong;
  const detail = `${path} was answered ${textOf(answer)}, expected ${textOf(expected)}`;
  return { name, ok: false, detail };
}

/** What the archive holds is what was authentic, each body once and every repeat as a repeat. */
export function checkArchive(
  delivered: readonly Delivered[],
  counts: Readonly<Record<string, ProviderCounts & Readonly<{ archived: number }>>>,
): readonly Check[] {
  return Object.entries(counts).flatMap(([provider, found]) => {
    const authentic = delivered.filter(
      (delivery) => delivery.provider === provider && delivery.credential === 'right',
    );
    const repeats = authentic.filter(
      ({ isRepeat, path }) => isRepeat || path.includes('redelivered'),
    );
    return [
      check(
        `${provider}: archived what was authentic, nothing else`,
        `${found.archived}`,
        `${authentic.length}`,
      ),
      check(`${provider}: repeats recognised`, `${found.duplicates}`, `${repeats.length}`),
    ];
  });
}

export const checkCaughtUp = ({ understood, unrecorded }: CaughtUp): Check =>
  check(
    'every delivery that was understood left events in the log',
    `${understood - unrecorded} of ${understood}`,
    `${understood} of ${understood}`,
  );

/** Balances digit for digit, states, what waits for a person, and nothing beside them. */
export function checkBooks(books: Books, expected: Expectations): readonly Check[] {
  return [
    ...checkBalances(books, expected),
    ...checkStates(
      'card',
      books.cards.map((row) => [row.provider, row.cardId, row.status]),
      expected.cards,
    ),
    ...checkStates(
      'invoice',
      books.invoices.map((row) => [row.provider, row.invoiceId, row.status]),
      expected.invoices,
    ),
    ...checkStates(
      'payout',
      books.payouts.map((row) => [row.provider, row.id, row.status]),
      expected.payouts,
    ),
    ...checkStates(
      'withdrawal',
      books.withdrawals.map((row) => [row.provider, row.id, row.status]),
      expected.withdrawals,
    ),
    check('suspense', listText(books.suspense.map(({ id }) => id)), listText([])),
    check(
      'quarantine',
      listText(books.quarantine.map(({ provider, reason }) => `${provider} ${reason?.code}`)),
      listText(expected.quarantine),
    ),
    check(
      'open reviews',
      listText(books.reviews.map(({ reason }) => reason)),
      listText(expected.reviews),
    ),
  ];
}

const listText = (items: readonly string[]): string =>
  items.length === 0 ? 'none' : [...items].sort().join(', ');

const zero = 'nothing';

function checkBalances({ accounts }: Books, { balances }: Expectations): readonly Check[] {
  const found = new Map(
    accounts.flatMap(({ accountId, balances: own }) =>
      own.map((balance) => [`${accountId} ${balance.asset}`, bucketsText(balance)] as const),
    ),
  );
  const wanted = new Map(
    Object.entries(balances).flatMap(([account, byAsset]) =>
      Object.entries(byAsset).map(
        ([asset, own]) => [`${account} ${asset}`, bucketsText(own)] as const,
      ),
    ),
  );
  return [...new Set([...wanted.keys(), ...found.keys()])].map((name) =>
    check(`balance of ${name}`, found.get(name) ?? zero, wanted.get(name) ?? zero),
  );
}

const bucketsText = (
  balance: Readonly<{ available: string; held: string; reserved: string }>,
): string => `${balance.available} available, ${balance.held} held, ${balance.reserved} reserved`;

type State = readonly [provider: string, id: string, status: string | null];

function checkStates(
  what: string,
  rows: readonly State[],
  expected: Readonly<Record<string, string | null>>,
): readonly Check[] {
  const found = new Map(rows.map(([provider, id, status]) => [`${provider} ${id}`, status]));
  const shown = (status: string | null | undefined) =>
    status === undefined ? 'not there' : (status ?? 'no status');
  return [...new Set([...Object.keys(expected), ...found.keys()])].map((name) =>
    check(`${what} ${name}`, shown(found.get(name)), shown(expected[name])),
  );
}

export const checkVerify = ({ ok, drift, events, firstDrift }: VerifyReport): Check => ({
  name: 'verify: the read models equal what the log says',
  ok,
  detail: firstDrift
    ? `drift ${drift}: ${firstDrift.check}: ${firstDrift.what}`
    : `drift ${drift} over ${events} events`,
});
