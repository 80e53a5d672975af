import type { CanonicalEvent } from '@counterfoil/domain';
import { fourpayAdapter } from '../4pay/adapter.ts';
import type { FourpaySettings } from '../4pay/settings.ts';
import { verifiedWebhook } from './inbound-webhook.ts';
import { sampleAmountMax } from './sample-adapters.ts';

/** A body, or a part of one. */
export type Fields = Readonly<Record<string, unknown>>;
type Settings = Partial<FourpaySettings>;

/** When every body here came to its status, as it is written and as it is read. */
export const updatedAt = '2025-06-01T11:00:00+00:00';
export const changed = '2025-06-01T11:00:00.000Z';

const adapterWith = (settings: Settings = {}) =>
  fourpayAdapter({
    secrets: ['test-secret'],
    settings: { signature: 'a', transactionFee: 'on-top', ...settings },
    amountMax: sampleAmountMax,
  });

function translated(body: Fields, settings: Settings = {}) {
  const adapter = adapterWith(settings);
  return adapter.webhooks.translate(verifiedWebhook(adapter, JSON.stringify(body)));
}

/** The events of a body; throws where it is quarantined. */
function eventsOf(body: Fields, settings: Settings = {}): readonly CanonicalEvent[] {
  const result = translated(body, settings);
  if (!result.ok) throw new Error(`quarantined: ${result.error.code} ${result.error.path}`);
  return result.value;
}

/** The one event of a body. */
export function only(body: Fields, settings: Settings = {}): CanonicalEvent {
  const [event, ...others] = eventsOf(body, settings);
  if (event === undefined || others.length > 0) throw new Error('Expected exactly one event');
  return event;
}

/** Code and place of the quarantine of a body. */
export const quarantine = (body: Fields, settings: Settings = {}): unknown => {
  const result = translated(body, settings);
  return result.ok ? 'translated' : { code: result.error.code, path: result.error.path };
};

/** The event key under which the archive knows a body. */
export const keyOf = (body: Fields): string | null => {
  const adapter = adapterWith();
  return adapter.webhooks.identify(verifiedWebhook(adapter, JSON.stringify(body))).eventKey;
};

// Bodies as small as the rows of the provider's table allow, flat and nested.

export const flatCard = (type: string, status: string, more: Fields = {}): Fields => ({
  id: 'tx-1',
  cardUuid: 'card-1',
  accountUuid: 'acc-1',
  amount: '42.10',
  currency: 'USD',
  type,
  status,
  createdAt: '2025-06-01T10:00:00+00:00',
  updatedAt,
  ...more,
});

export const nestedCard = (type: string, status: string, more: Fields = {}): Fields => ({
  data: {
    id: 'tx-1',
    account: { accountId: 'acc-1', accountName: 'Main' },
    amount: '38.50',
    currency: 'EUR',
    settlementAmount: '42.10',
    settlementCurrency: 'USD',
    status,
    createdAt: '2025-06-01T10:00:00+00:00',
    updatedAt,
    transactionDetails: { card: { id: 'card-1' }, type },
    ...more,
  },
});

export const flatAccount = (type: string, status: string, more: Fields = {}): Fields => ({
  id: 'tx-2',
  accountUuid: 'acc-1',
  amount: '100.00',
  currency: 'USD',
  type,
  status,
  updatedAt,
  ...more,
});

export const nestedAccount = (type: string, status: string): Fields => ({
  data: {
    id: 'tx-2',
    account: { id: 'acc-1', name: 'Main' },
    settlementAmount: '100.00',
    settlementCurrency: 'USD',
    status,
    updatedAt,
    transactionDetails: { sourceAccountId: 'acc-9', type },
  },
});

export const topup = (status: string, more: Fields = {}): Fields => ({
  id: 'top-1',
  accountUuid: 'acc-1',
  currency: 'USDTTRC20',
  amount: '500.00',
  status,
  updatedAt,
  ...more,
});

export const state = (status: string, more: Fields = {}): Fields => ({
  id: 'card-1',
  accountUuid: 'acc-1',
  cardOwnerId: 'player-77',
  status,
  lastFour: '0001',
  balance: '50.00',
  availableBalance: '45.00',
  currency: 'USD',
  updatedAt,
  ...more,
});

/** What an event is expected to be; `effect` without the provider. */
export type Row = Readonly<{ type: string; data: unknown; effect: string | null }>;

export const notice = (kind: string): Row => ({
  type: 'ProviderNoticeReceived',
  data: { kind },
  effect: null,
});
