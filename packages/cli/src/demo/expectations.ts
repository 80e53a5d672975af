import { readFileSync } from 'node:fs';
import type { BookTexts } from './sample-stories.ts';

/** What the books must show at the end, digit for digit. */
export type Expectations = Readonly<{
  balances: BookTexts;
  /** By provider and the provider's id. */
  cards: Readonly<Record<string, string | null>>;
  invoices: Readonly<Record<string, string>>;
  payouts: Readonly<Record<string, string>>;
  withdrawals: Readonly<Record<string, string>>;
  /** Provider and code, in the order of the alphabet. */
  quarantine: readonly string[];
  /** The reasons of open reviews, in the order of the alphabet. */
  reviews: readonly string[];
}>;

// Read, not imported: the compiler copies no JSON into `dist`.
const file = new URL('../../src/demo/expectations.json', import.meta.url);

export const expectations = (): Expectations =>
  JSON.parse(readFileSync(file, 'utf8')) as Expectations;
