import type { ProviderName } from '@counterfoil/domain';

/** What was sent for one provider. */
export type ProviderTally = {
  stories: number;
  deliveries: number;
  duplicates: number;
  reordered: number;
  late: number;
  garbled: number;
  alteredInTransit: number;
  lost: number;
  retries: number;
  givenUp: number;
  approved: number;
  declined: number;
};

/** Everything the telling notes down, for the checks and the report. */
export type Tally = {
  readonly providers: Map<ProviderName, ProviderTally>;
  /** Bodies that were authentic and not to be understood, by provider and exact text. */
  readonly garbled: { provider: ProviderName; body: Uint8Array }[];
  readonly acknowledgementMs: number[];
  readonly authorizationMs: number[];
  /** What went otherwise than a provider may rely on, in words; only the first few are kept. */
  readonly surprises: string[];
  surpriseCount: number;
};

const surprisesMax = 20;

export const newTally = (): Tally => ({
  providers: new Map(),
  garbled: [],
  acknowledgementMs: [],
  authorizationMs: [],
  surprises: [],
  surpriseCount: 0,
});

export function providerTally(tally: Tally, provider: ProviderName): ProviderTally {
  const known = tally.providers.get(provider);
  if (known) return known;
  const fresh: ProviderTally = {
    stories: 0,
    deliveries: 0,
    duplicates: 0,
    reordered: 0,
    late: 0,
    garbled: 0,
    alteredInTransit: 0,
    lost: 0,
    retries: 0,
    givenUp: 0,
    approved: 0,
    declined: 0,
  };
  tally.providers.set(provider, fresh);
  return fresh;
}

export function surprise(tally: Tally, text: string): void {
  tally.surpriseCount += 1;
  if (tally.surprises.length < surprisesMax) tally.surprises.push(text);
}
