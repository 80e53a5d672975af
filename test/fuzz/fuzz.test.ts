import type { ProviderName } from '@counterfoil/domain';
import { sampleAdapters } from '@counterfoil/providers/testing';
import { describe, expect, test } from 'vitest';
import { fuzzProvider } from './fuzz-provider.ts';

// `npm run fuzz` sets these; the suite itself takes a few hundred of a fixed seed.
const count = Number(process.env['FUZZ_COUNT'] ?? 400);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const only = process.env['FUZZ_PROVIDER'];
const timeoutMs = 60 * 60_000;

const providers = Object.values(sampleAdapters()).map(({ provider }) => provider);
const isWanted = (provider: ProviderName) => only === undefined || only === provider;

describe.each(providers.filter(isWanted))('broken bodies of %s', (provider) => {
  test(
    'become valid events or a quarantine with its code, within a second, and no refusal moves books',
    async () => {
      const report = await fuzzProvider({ provider, seed, count });
      const codes = [...report.quarantined].map(([code, times]) => `${code} ${times}`).join(', ');
      if (process.env['FUZZ_COUNT'] !== undefined)
        process.stdout.write(
          `${provider}: ${report.deliveries} deliveries of seed ${seed}, ` +
            `${report.understood} understood, ${report.throughLedger} through the books, ` +
            `slowest ${report.slowestMs.toFixed(1)} ms; ${codes}\n`,
        );
      expect(report.failures).toEqual([]);
    },
    timeoutMs,
  );
});
