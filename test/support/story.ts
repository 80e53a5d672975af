import { readdirSync, readFileSync } from 'node:fs';
import type { AccountKind, ProviderName, Reference } from '@counterfoil/domain';

type Bucket = 'available' | 'held' | 'reserved';

/** What each account must show after a step; what is not named is zero. */
export type ExpectedBooks = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<Bucket, string>>>>>
>;

export type OrderBody = Readonly<{
  accountId: string;
  provider: ProviderName;
  id: string;
  asset: string;
  amount: string;
  fee: string;
}>;

export type StoryStep = Readonly<{
  deliver?: string;
  order?: 'payouts' | 'withdrawals';
  body?: OrderBody;
  expect?: Readonly<{ response_code: string }>;
  books: ExpectedBooks;
}>;

/** A story of the samples: accounts, starting money, then deliveries and orders in their order. */
export type Story = Readonly<{
  name: string;
  folder: string;
  provider: ProviderName;
  accounts: readonly Readonly<{
    accountId: string;
    kind: AccountKind;
    references: readonly Reference[];
  }>[];
  adjustments: readonly Readonly<{ accountId: string; asset: string; amount: string }>[];
  firstStands?: boolean;
  steps: readonly StoryStep[];
}>;

const samples = new URL('../fixtures/samples/', import.meta.url);

export const stories: readonly Story[] = [
  'cryptomate',
  'cryptofuse',
  '4pay',
  'calypso',
  'standard',
].flatMap((provider) =>
  readdirSync(new URL(`${provider}/stories/`, samples))
    .sort()
    .map((name) => {
      const folder = `${provider}/stories/${name}`;
      const text = readFileSync(new URL(`${folder}/story.json`, samples), 'utf8');
      return { ...(JSON.parse(text) as Omit<Story, 'name' | 'folder'>), name, folder };
    }),
);
