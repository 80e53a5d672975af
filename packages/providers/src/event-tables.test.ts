import { readFileSync } from 'node:fs';
import { type CanonicalEvent, type ProviderName, providerNames } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { cardStatuses, topupStatuses } from './4pay/event-names.ts';
import { calypsoEventAliases, calypsoEventTypes } from './calypso/event-type.ts';
import { knownWords } from './cryptomate/translate.ts';
import { g1Events, paymentStatuses, withdrawalStatuses } from './cryptofuse/event-names.ts';
import { leavesOf, parsedBody, withValue } from './testing/altered-body.ts';
import {
  canonicalTypes,
  readSample,
  sampleAdapters,
  samples,
  verifiedWebhook,
} from './testing/index.ts';

// The operators' pages name every event that is understood, and what it becomes. Here each page is
// held to its adapter: every sample is read, also with every other word in the places that say what
// a body is, and what comes of it has to be what the table says, neither more nor less.

type Source = Readonly<{
  /** Dot paths of the fields that say what a body is. */
  fields: readonly string[];
  /** Words that no sample contains. */
  words: readonly string[];
  /** How the page writes the provider's own strings for an event. */
  nameOf: (event: CanonicalEvent) => string;
}>;

const lowerCase = ({ source }: CanonicalEvent) => source.providerEvent.toLowerCase();

const sources: Readonly<Record<ProviderName, Source>> = {
  cryptomate: {
    fields: ['sub_operation', 'event_type', 'status'],
    words: [...knownWords],
    nameOf: (event) =>
      lowerCase(event)
        .replace('individual_cards/', 'cards/')
        .replace('/clearing/', '/cleared/')
        .replace('/cancelled', '/canceled')
        .replace('/finished', '/success'),
  },
  cryptofuse: {
    fields: ['event', 'status', 'data.status'],
    words: [...g1Events.keys(), ...paymentStatuses, ...withdrawalStatuses],
    nameOf: (event) => {
      const words = lowerCase(event).split(' ');
      const name = words[0] ?? '';
      const status = words.at(-1) ?? '';
      if (event.source.dialect === 'g3') return `transfer ${status}`;
      // The name of a withdrawal's event is not documented in G2: its status tells.
      if (event.source.dialect !== 'g1' && event.type.startsWith('Withdrawal'))
        return `withdrawal ${status}`;
      const needsStatus = name === 'payment_status_update' || name === 'withdrawal.status_changed';
      return needsStatus ? `${name} ${status}` : name;
    },
  },
  '4pay': {
    fields: [
      'type',
      'status',
      'data.status',
      'data.type',
      'data.card.status',
      'data.transactionDetails.type',
    ],
    words: [...topupStatuses, ...cardStatuses],
    nameOf: lowerCase,
  },
  calypso: {
    fields: ['eventType', 'data.payoutStatus'],
    words: [...calypsoEventTypes, ...Object.keys(calypsoEventAliases)],
    // Only there the status says what happened.
    nameOf: ({ source: { providerEvent } }) =>
      providerEvent.startsWith('PAYOUT_CHANGE_STATUS')
        ? providerEvent
        : (providerEvent.split(' ')[0] ?? ''),
  },
  standard: {
    fields: ['events.0.type'],
    words: canonicalTypes,
    nameOf: ({ source }) => source.providerEvent,
  },
};

/** Thousands of bodies are read, on a machine that may be busy. */
const timeoutMs = 60_000;

type Table = ReadonlyMap<string, ReadonlySet<string>>;

/** Rows of the section Events: names in the first column, canonical types in the second. */
function tableOf(provider: ProviderName): Table {
  const page = readFileSync(
    new URL(`../../../docs/providers/${provider}.md`, import.meta.url),
    'utf8',
  );
  const section = page.split(/^## /m).find((text) => text.startsWith('Events')) ?? '';
  const table = new Map<string, ReadonlySet<string>>();
  for (const row of section.split('\n').filter((line) => line.startsWith('| `'))) {
    const [names = '', types = ''] = row.split('|').slice(1);
    for (const name of codesOf(names)) {
      if (table.has(name)) throw new Error(`${provider}.md lists ${name} twice`);
      table.set(name, new Set(codesOf(types)));
    }
  }
  return table;
}

const codesOf = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** All that the adapter makes of the samples, with every known word wherever a word decides. */
function understoodBy(provider: ProviderName, documented: Table): Table {
  const { fields, words, nameOf } = sources[provider];
  const adapter = sampleAdapters()[provider];
  const bodies = samples(provider)
    .filter(({ delivery }) => delivery)
    .map(({ path }) => parsedBody(readSample(path)));
  const places = bodies.flatMap((body) =>
    leavesOf(body).flatMap((leaf) =>
      fields.includes(leaf.path.join('.')) && typeof leaf.value === 'string'
        ? [{ body, path: leaf.path, word: leaf.value }]
        : [],
    ),
  );
  const vocabulary = new Set([
    ...places.map(({ word }) => word),
    ...words,
    ...[...documented.keys()].flatMap((name) => name.split(/[ /]/)),
  ]);
  const understood = new Map<string, Set<string>>();
  for (const { body, path } of places)
    for (const word of vocabulary) {
      const webhook = verifiedWebhook(adapter, withValue(body, path, word));
      const translated = adapter.webhooks.translate(webhook);
      for (const event of translated.ok ? translated.value : []) {
        const name = nameOf(event);
        understood.set(name, (understood.get(name) ?? new Set()).add(event.type));
      }
    }
  return understood;
}

const listed = (table: Table): readonly string[] =>
  [...table].map(([name, types]) => `${name}: ${[...types].sort().join(', ')}`).sort();

describe('docs/providers', () => {
  it.each(providerNames)(
    '%s.md lists every event that is understood, and no other',
    (provider) => {
      const documented = tableOf(provider);
      expect(listed(documented)).toEqual(listed(understoodBy(provider, documented)));
    },
    timeoutMs,
  );
});
