import { readFileSync } from 'node:fs';
import { instant } from '@counterfoil/domain';
import { simulatedProviders } from '@counterfoil/provider-simulator';
import {
  readSample,
  sampleAdapters,
  samples,
  verifiedWebhook,
} from '@counterfoil/providers/testing';
import { describe, expect, test } from 'vitest';

type EventRow = Readonly<{
  row: string;
  /** The canonical events; none means quarantine. */
  emits: readonly string[];
  /** Samples, some with other values at some places. */
  bodies: readonly Readonly<{ sample: string; with?: Readonly<Record<string, string>> }>[];
}>;

const rows = JSON.parse(
  readFileSync(new URL('../fixtures/provider-rows.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<{ events: readonly EventRow[] }>>>;

const adapters = sampleAdapters();
const receivedAt = instant(Date.UTC(2026, 5, 1));

function bodyOf({ sample, with: other = {} }: EventRow['bodies'][number]): Uint8Array {
  const body = readSample(sample);
  if (Object.keys(other).length === 0) return body;
  const value = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
  for (const [path, text] of Object.entries(other)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = value;
    for (const name of names) place = place[name] as Record<string, unknown>;
    place[last] = text;
  }
  return new TextEncoder().encode(JSON.stringify(value));
}

describe.each(simulatedProviders)('what the adapter of %s must produce', (provider) => {
  const own = rows[provider]?.events ?? [];

  test.each(own.map((row) => [row.row, row.emits.join(' and ') || 'quarantine', row] as const))(
    '%s: %s',
    (_row, _emits, { emits, bodies }) => {
      const adapter = adapters[provider];
      expect(bodies.length).toBeGreaterThan(0);
      for (const body of bodies) {
        const webhook = verifiedWebhook(adapter, bodyOf(body), receivedAt);
        const translated = adapter.webhooks.translate(webhook);
        const types = translated.ok ? translated.value.map(({ type }) => type) : [];
        expect(types, body.sample).toEqual(emits);
        if (!translated.ok) expect(translated.error.code, body.sample).not.toBe('');
      }
    },
  );

  test('has every sample that is understood in exactly one row', () => {
    const listed = own.flatMap(({ bodies }) =>
      bodies.filter((body) => body.with === undefined).map(({ sample }) => sample),
    );
    const understood = samples(provider)
      .filter(({ delivery, emits }) => delivery && emits.length > 0)
      .map(({ path }) => path);
    expect(listed.toSorted()).toEqual([...new Set(listed)].toSorted());
    expect(understood.filter((path) => !listed.includes(path))).toEqual([]);
  });
});
