import { assetOf, formatUnits, parseAmount } from '@counterfoil/domain';
import { samples } from '@counterfoil/providers/testing';
import { describe, expect, it } from 'vitest';
import { deliveriesBesideStories } from './deliveries-beside-stories.ts';
import { expectations } from './expectations.ts';
import { type BookTexts, sampleStories } from './sample-stories.ts';

const buckets = ['available', 'held', 'reserved'] as const;

/** The final books of all stories, added up; what is zero everywhere is left out. */
function sumOfStories(): BookTexts {
  const sums = new Map<string, bigint>();
  const places = new Set<string>();
  for (const { steps } of sampleStories())
    for (const [account, byAsset] of Object.entries(steps.at(-1)?.books ?? {}))
      for (const [code, figures] of Object.entries(byAsset)) {
        places.add(`${account} ${code}`);
        for (const bucket of buckets) {
          const key = `${account} ${code} ${bucket}`;
          sums.set(key, (sums.get(key) ?? 0n) + unitsOf(figures[bucket], code));
        }
      }
  const books: Record<
    string,
    Record<string, { available: string; held: string; reserved: string }>
  > = {};
  for (const place of places) {
    const [account = '', code = ''] = place.split(' ');
    const text = (bucket: string) => formatUnits(sums.get(`${place} ${bucket}`) ?? 0n, known(code));
    books[account] = {
      ...books[account],
      [code]: { available: text('available'), held: text('held'), reserved: text('reserved') },
    };
  }
  return books;
}

function known(code: string) {
  const asset = assetOf(code);
  if (!asset.ok) throw new Error(asset.error.message);
  return asset.value;
}

function unitsOf(text: string, code: string): bigint {
  const parsed = parseAmount(text, known(code));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value.units;
}

describe("the demo's expectations", () => {
  it('state for every account the sum of what the stories end in, digit for digit', () => {
    expect(expectations().balances).toEqual(sumOfStories());
  });

  it('expect in quarantine what the samples say is not understood, provider by provider', () => {
    const quarantined = deliveriesBesideStories.filter(({ isQuarantined }) => isQuarantined);
    const providers = expectations().quarantine.map((entry) => entry.split(' ')[0]);
    expect(providers.sort()).toEqual(quarantined.map(({ provider }) => provider).sort());
    const sampled = new Map(samples().map((sample) => [sample.path, sample]));
    for (const { path, isQuarantined, decision } of deliveriesBesideStories) {
      const sample = sampled.get(path);
      expect(sample?.quarantined ?? false, path).toBe(isQuarantined);
      expect(sample?.answer ?? [null], path).toContain(decision);
    }
  });
});
