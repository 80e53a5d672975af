import { calypsoAdapter } from '../calypso/adapter.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import { sampleVariable } from './samples.ts';

/** The default of AMOUNT_MAX, in whole units of any asset. */
export const sampleAmountMax: AmountMax = 1_000_000_000n;

/** Above every amount that a test states. */
export const unboundedAmountMax: AmountMax = 10n ** 18n;

/** Adapters as the samples assume them: their credentials, and the default of every setting. */
export const sampleAdapters = (amountMax: AmountMax = sampleAmountMax) =>
  ({
    calypso: calypsoAdapter({
      credentials: [
        { key: sampleVariable('CALYPSO_API_KEY'), secret: sampleVariable('CALYPSO_SECRET') },
      ],
      settings: { translationAmountIs: 'gross', payoutReserveAt: 'order' },
      amountMax,
    }),
  }) satisfies Readonly<Record<string, ProviderAdapter>>;
