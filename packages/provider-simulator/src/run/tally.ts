import type { SimulatedProvider } from '../simulated-provider.ts';

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
  /** Decisions that came when the provider had declined already, or could not wait for longer. */
  overdue: number;
  /** Deliveries that the system could not take at the time, and said so. */
  turnedAway: number;
};

/** Everything the telling notes down, for the checks and the report. */
export type Tally = {
  readonly providers: Map<SimulatedProvider, ProviderTally>;
  /** Bodies that were authentic and not to be understood, by provider and exact text. */
  readonly garbled: { provider: SimulatedProvider; body: Uint8Array }[];
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

export function providerTally(tally: Tally, provider: SimulatedProvider): ProviderTally {
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
    overdue: 0,
    turnedAway: 0,
  };
  tally.providers.set(provider, fresh);
  return fresh;
}

export function surprise(tally: Tally, text: string): void {
  tally.surpriseCount += 1;
  if (tally.surprises.length < surprisesMax) tally.surprises.push(text);
}
