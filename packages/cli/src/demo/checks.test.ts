import { describe, expect, it } from 'vitest';
import { checkAnswers, checkArchive, checkBooks, checkCaughtUp, checkVerify } from './checks.ts';
import type { Delivered } from './deliver.ts';
import type { Books } from './demo-report.ts';

const answered = (differences: Partial<Delivered>): Delivered => ({
  provider: 'calypso',
  path: 'calypso/a.json',
  credential: 'right',
  decision: null,
  funds: null,
  isRepeat: false,
  isLate: false,
  isQuarantined: false,
  answer: { status: 200, body: '{}' },
  expected: { status: 200, body: '{}' },
  durationMs: 1,
  ...differences,
});

const books = (differences: Partial<Books> = {}): Books => ({
  accounts: [
    {
      accountId: 'h-1',
      kind: 'holder',
      status: 'active',
      reason: null,
      openedAt: '2026-01-01T00:00:00.000Z',
      balances: [
        { asset: 'USD', available: '1.00', held: '0.00', reserved: '0.00', total: '1.00' },
      ],
      creditLimits: [],
      references: [],
    },
  ],
  cards: [],
  invoices: [],
  payouts: [],
  withdrawals: [],
  suspense: [],
  quarantine: [],
  reviews: [],
  ...differences,
});

const expected = (available: string) => ({
  balances: { 'h-1': { USD: { available, held: '0.00', reserved: '0.00' } } },
  cards: {},
  invoices: {},
  payouts: {},
  withdrawals: {},
  quarantine: [],
  reviews: [],
});

const failedOf = (checks: readonly { ok: boolean; name: string }[]) =>
  checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe('the checks of answers', () => {
  it('hold where every answer is the expected one', () => {
    const forged = { status: 401, body: '{}' };
    const deliveries = [
      answered({}),
      answered({ credential: 'wrong', answer: forged, expected: forged }),
      answered({ decision: '00', path: 'calypso/b.json' }),
    ];
    expect(failedOf(checkAnswers(deliveries))).toEqual([]);
  });

  it('fail for a forged delivery that is believed, and for another decision', () => {
    const deliveries = [
      answered({ credential: 'missing', expected: { status: 401, body: '{}' } }),
      answered({ decision: '00', answer: { status: 200, body: '{"response_code":"05"}' } }),
    ];
    expect(failedOf(checkAnswers(deliveries))).toEqual([
      'calypso: wrong and missing credentials answered 401',
      'authorization calypso/a.json',
    ]);
  });
});

describe('the checks of the archive', () => {
  const counts = (archived: number, duplicates: number) => ({
    calypso: {
      delivered: 3,
      late: 0,
      duplicates,
      variants: 0,
      refused: 1,
      quarantined: 0,
      archived,
    },
  });
  const sent = [answered({}), answered({ isRepeat: true }), answered({ credential: 'wrong' })];

  it('hold where what was authentic is there once, and its repeat as a repeat', () => {
    expect(failedOf(checkArchive(sent, counts(2, 1)))).toEqual([]);
  });

  it('fail where a forgery is archived, or a repeat taken for news', () => {
    expect(failedOf(checkArchive(sent, counts(3, 0)))).toEqual([
      'calypso: archived what was authentic, nothing else',
      'calypso: repeats recognised',
    ]);
  });
});

describe('the checks of the books', () => {
  it('hold where every digit is the expected one', () => {
    expect(failedOf(checkBooks(books(), expected('1.00')))).toEqual([]);
  });

  it('fail for another digit, for a balance that nobody expects and for one that is missing', () => {
    expect(failedOf(checkBooks(books(), expected('1.01')))).toEqual(['balance of h-1 USD']);
    expect(failedOf(checkBooks(books(), { ...expected('1.00'), balances: {} }))).toEqual([
      'balance of h-1 USD',
    ]);
    expect(failedOf(checkBooks(books({ accounts: [] }), expected('1.00')))).toEqual([
      'balance of h-1 USD',
    ]);
  });

  it('fail for another status, and for what is in quarantine, suspense or review unexpectedly', () => {
    const found = books({
      cards: [
        {
          provider: '4pay',
          cardId: 'c-1',
          accountId: 'h-1',
          status: 'frozen',
          reason: null,
          reportedBalance: null,
          changedAt: null,
          firstSeenAt: '2026-01-01T00:00:00.000Z',
        },
      ],
      quarantine: [{ id: 'q-1', provider: '4pay', status: 'quarantined', reason: null }],
    });
    const wanted = { ...expected('1.00'), cards: { '4pay c-1': 'active' }, reviews: ['x'] };
    expect(failedOf(checkBooks(found, wanted))).toEqual([
      'card 4pay c-1',
      'quarantine',
      'open reviews',
    ]);
  });
});

it('fails where a delivery that was understood is not in the log', () => {
  expect(checkCaughtUp({ position: '9', understood: 7, unrecorded: 1 })).toMatchObject({
    ok: false,
    detail: '6 of 7, expected 7 of 7',
  });
  expect(checkCaughtUp({ position: '9', understood: 7, unrecorded: 0 }).ok).toBe(true);
});

it('says where the first drift is', () => {
  const firstDrift = { check: 'read-model balances', what: 'a row differs' };
  const report = { ok: false, events: 7, drift: 2, checks: [], firstDrift };
  expect(checkVerify(report)).toMatchObject({
    ok: false,
    detail: 'drift 2: read-model balances: a row differs',
  });
  expect(checkVerify({ ...report, ok: true, drift: 0, firstDrift: null })).toMatchObject({
    ok: true,
    detail: 'drift 0 over 7 events',
  });
});
