import { readdirSync, readFileSync } from 'node:fs';
import {
  type AccountKind,
  type ProviderName,
  providerNames,
  type Reference,
} from '@counterfoil/domain';

/** The repository's documented and made-up bodies: the same place from `src` and from `dist`. */
const samplesFolder = new URL('../../../../test/fixtures/samples/', import.meta.url);

export type BucketTexts = Readonly<{ available: string; held: string; reserved: string }>;

/** By account and asset; what is not named is zero. */
export type BookTexts = Readonly<Record<string, Readonly<Record<string, BucketTexts>>>>;

export type OrderRequest = Readonly<{
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
  body?: OrderRequest;
  /** The provider asks for a decision, and this is the right one. */
  expect?: Readonly<{ response_code: string }>;
  books: BookTexts;
}>;

export type AccountRequest = Readonly<{
  accountId: string;
  kind: AccountKind;
  references: readonly Reference[];
}>;

/** What one provider tells about one purchase, payment or payout, from its beginning to its end. */
export type Story = Readonly<{
  name: string;
  /** Below the samples folder. */
  folder: string;
  provider: ProviderName;
  accounts: readonly AccountRequest[];
  adjustments: readonly Readonly<{ accountId: string; asset: string; amount: string }>[];
  /** Two bodies share an event key, so that their order decides. */
  firstStands?: boolean;
  steps: readonly StoryStep[];
}>;

const readText = (path: string): string => readFileSync(new URL(path, samplesFolder), 'utf8');

export const readSample = (path: string): Uint8Array => readFileSync(new URL(path, samplesFolder));

/** Every story of every provider, always in the same order. */
export const sampleStories = (): readonly Story[] =>
  providerNames.flatMap((provider) =>
    readdirSync(new URL(`${provider}/stories/`, samplesFolder))
      .sort()
      .map((name) => {
        const folder = `${provider}/stories/${name}`;
        const story = JSON.parse(readText(`${folder}/story.json`)) as Omit<
          Story,
          'name' | 'folder'
        >;
        return { ...story, name, folder };
      }),
  );

/** The credentials and settings under which the samples are authentic and understood. */
export const sampleVariables = (): Readonly<Record<string, string>> =>
  (JSON.parse(readText('configuration.json')) as { variables: Record<string, string> }).variables;
