import { type CanonicalEvent, moneyText, type ProviderName } from '@counterfoil/domain';
import { type ProviderAdapter, providerAdapters } from '@counterfoil/providers';
import {
  readSample,
  sampleConfiguration,
  sampleReceivedAt,
  verifiedWebhook,
} from '@counterfoil/providers/testing';
import { parseConfig } from '@counterfoil/runtime';
import { describe, expect, test } from 'vitest';
import { providerConfig, providersFrom } from './provider-config.ts';

type Setting = keyof typeof providerConfig;
/** What is to be seen of an adapter that was made from an environment, and by which value. */
type Case = Readonly<{
  provider: ProviderName;
  of: (adapter: ProviderAdapter) => unknown;
  values: Readonly<Record<string, unknown>>;
}>;

const { variables, vectors } = sampleConfiguration;

function adapterWith(setting: Setting, value: string, provider: ProviderName): ProviderAdapter {
  const config = parseConfig(providerConfig, { ...variables, [setting]: value });
  const adapter = providerAdapters(providersFrom(config)).get(provider);
  if (!adapter) throw new Error(`${provider} has a credential`);
  return adapter;
}

function eventsOf(adapter: ProviderAdapter, path: string): readonly CanonicalEvent[] {
  const translated = adapter.webhooks.translate(verifiedWebhook(adapter, readSample(path)));
  if (!translated.ok) throw new Error(translated.error.message);
  return translated.value;
}

/** One field of the first event, as text where it is money. */
const field =
  (path: string, name: string) =>
  (adapter: ProviderAdapter): unknown => {
    const value: unknown = Object.entries(eventsOf(adapter, path)[0]?.data ?? {}).find(
      ([key]) => key === name,
    )?.[1];
    const isMoney = typeof value === 'object' && value !== null && 'units' in value;
    return isMoney ? moneyText(value as Parameters<typeof moneyText>[0]).amount : value;
  };

const probe = new TextEncoder().encode(String(vectors['body']));
const verdict = (adapter: ProviderAdapter, headers: Readonly<Record<string, string>>) =>
  adapter.webhooks.verify({
    headers: new Map(Object.entries(headers)),
    body: probe,
    receivedAt: sampleReceivedAt,
    deliveryId: 'probe',
  }).ok;
const signature = (adapter: ProviderAdapter) =>
  adapter.sign(probe, sampleReceivedAt)['X-Signature'];

const cases: Partial<Record<Setting, Case>> = {
  CRYPTOMATE_CLEARING_AMOUNT_MEANS: {
    provider: 'cryptomate',
    of: field('cryptomate/constructed/c/cards-cleared-success.json', 'amountMeans'),
    values: { piece: 'piece', 'running-total': 'running-total' },
  },
  CRYPTOMATE_BILL_AMOUNT_INCLUDES_FEES: {
    provider: 'cryptomate',
    of: field('cryptomate/constructed/c/cards-authorization-pending.json', 'holdTotal'),
    values: { false: '23.63', true: '23.40' },
  },
  CRYPTOMATE_DEFI_CARDS: {
    provider: 'cryptomate',
    of: field('cryptomate/constructed/b/cards-authorization-pending-defi.json', 'refusal'),
    values: { decline: 'defi-card', decide: null },
  },
  CRYPTOFUSE_SIGNATURE: {
    provider: 'cryptofuse',
    of: (adapter) => [
      signature(adapter)?.length,
      verdict(adapter, { 'x-signature': signature(adapter) ?? '' }),
    ],
    values: {
      'sha256-hex': [64, true],
      'sha512-hex': [128, true],
      'sha256-base64': [44, true],
      'sha512-base64': [88, true],
    },
  },
  CRYPTOFUSE_SECRET_PREFIX: {
    provider: 'cryptofuse',
    of: (adapter) => signature(adapter) === vectors['CF'],
    values: { keep: true, strip: false },
  },
  CRYPTOFUSE_WITHDRAWAL_FEE: {
    provider: 'cryptofuse',
    of: field('cryptofuse/constructed/g1/withdrawal-created.json', 'amount'),
    values: { 'on-top': '100.50', inside: '99.00' },
  },
  FOURPAY_SIGNATURE: {
    provider: '4pay',
    of: (adapter) => verdict(adapter, { 'api-notification-sign': String(vectors['4B']) }),
    values: { a: false, 'a-or-b': true },
  },
  FOURPAY_TRANSACTION_FEE: {
    provider: '4pay',
    of: (adapter) =>
      ['amount', 'holdTotal'].map((name) =>
        field(
          '4pay/constructed/flat/card-transaction-purchase-authorized-with-fee.json',
          name,
        )(adapter),
      ),
    values: {
      'on-top': ['42.10', '43.15'],
      inside: ['41.05', '42.10'],
      separate: ['42.10', '42.10'],
    },
  },
  CALYPSO_TRANSLATION_AMOUNT_IS: {
    provider: 'calypso',
    of: field('calypso/constructed/invoice-translation-to-account-completed.json', 'net'),
    values: { gross: '0.01494', net: '0.015' },
  },
  CALYPSO_PAYOUT_RESERVE_AT: {
    provider: 'calypso',
    of: (adapter) =>
      ['created', 'in-progress'].map((status) =>
        eventsOf(adapter, `calypso/constructed/payout-change-status-${status}.json`).map(
          ({ type }) => type,
        ),
      ),
    values: {
      order: [['PayoutRequested'], ['PayoutProgressed']],
      'in-progress': [['PayoutProgressed'], ['PayoutRequested', 'PayoutProgressed']],
    },
  },
};

/** Credentials, tokens and the bound of amounts are no choice. */
const isChoice = (name: string) => !/_(KEY|SECRET|TOKENS)$/.test(name) && name !== 'AMOUNT_MAX';

/** As the refusal of any other text lists them. */
function choicesOf(name: Setting): readonly string[] {
  const parsed = providerConfig[name].parse('no such choice');
  const message = parsed.ok ? '' : (parsed.messages[0] ?? '');
  return message
    .replace(/^must be (one of )?/, '')
    .split(/, | or /)
    .sort();
}

describe('a setting of a provider, as its variable says it', () => {
  test('is tried here, in each of its values', () => {
    const names = Object.keys(providerConfig).filter(isChoice);
    expect(Object.keys(cases).sort()).toEqual(names.sort());
    for (const name of names as Setting[])
      expect(choicesOf(name), name).toEqual(Object.keys(cases[name]?.values ?? {}).sort());
  });

  for (const [name, { provider, of, values }] of Object.entries(cases))
    test.each(Object.entries(values))(`${name}=%s`, (value, expected) => {
      expect(of(adapterWith(name as Setting, value, provider))).toEqual(expected);
    });
});
