import type { CanonicalEvent, Flag } from '@counterfoil/domain';
import { cryptofuseAdapter } from '../cryptofuse/adapter.ts';
import type { CryptofuseSettings } from '../cryptofuse/settings.ts';
import { sampleReceivedAt, verifiedWebhook } from './inbound-webhook.ts';
import { sampleAmountMax } from './sample-adapters.ts';

/** A body, or a part of one. */
export type Fields = Readonly<Record<string, unknown>>;

/** When every event here happened. */
export const at = '2025-06-01T11:00:00.000Z';

const adapterWith = (settings: Partial<CryptofuseSettings> = {}) =>
  cryptofuseAdapter({
    secrets: ['whsk_test'],
    settings: {
      signature: 'sha256-hex',
      secretPrefix: 'keep',
      withdrawalFee: 'on-top',
      ...settings,
    },
    amountMax: sampleAmountMax,
  });

/** An event in the envelope of each dialect. */
export const g1 = (event: string, data: Fields, more: Fields = {}): Fields => ({
  id: 'ntf_1',
  event,
  created_at: at,
  data,
  ...more,
});

export const g2a = (event: string, data: Fields): Fields => ({
  event,
  status: data['status'],
  timestamp: at,
  transaction_id: data['transaction_id'],
  data,
});

export const g2b = (event: string, data: Fields): Fields => ({ event, timestamp: at, data });

/** The events of a body, or why it is quarantined. */
export function translated(
  body: Fields,
  settings: Partial<CryptofuseSettings> = {},
  receivedAt = sampleReceivedAt,
) {
  const adapter = adapterWith(settings);
  const webhook = verifiedWebhook(adapter, JSON.stringify(body), receivedAt);
  return adapter.webhooks.translate(webhook);
}

/** The one event of a body; throws where it is quarantined. */
export function only(body: Fields, settings: Partial<CryptofuseSettings> = {}): CanonicalEvent {
  const result = translated(body, settings);
  if (!result.ok) throw new Error(`quarantined: ${result.error.code} ${result.error.path}`);
  const [event, ...others] = result.value;
  if (event === undefined || others.length > 0) throw new Error('Expected exactly one event');
  return event;
}

/** Code and place of the quarantine of a body. */
export const quarantine = (body: Fields): unknown => {
  const result = translated(body);
  return result.ok ? 'translated' : { code: result.error.code, path: result.error.path };
};

/** What the events of a body are flagged with; nothing where it is quarantined. */
export const flagsOf = (body: Fields, receivedAt = sampleReceivedAt): readonly Flag[] => {
  const result = translated(body, {}, receivedAt);
  return result.ok ? (result.value[0]?.flags ?? []) : [];
};

/** The event key under which the archive knows a body. */
export const keyOf = (body: Fields): string | null => {
  const adapter = adapterWith();
  return adapter.webhooks.identify(verifiedWebhook(adapter, JSON.stringify(body))).eventKey;
};

// What an event tells, as small as the rows of the provider's table allow.

export const payment = {
  payment_id: 'pay-1',
  amount: 250.5,
  currency: 'USDTTRC20',
  wallet_id: 'wal-1',
  custom_id: 'order-1',
};

export const withdrawal = {
  withdrawal_id: 'wd-1',
  amount: '100.50',
  fee: '1.50',
  address: '0xABC',
  blockchain: 'ETH',
  token: 'USDT',
  custom_id: 'WD-9',
};

export const g2Payment = {
  transaction_id: 'pay-2',
  amount_crypto: '250.00000000',
  currency: 'USDTTRC20',
  total_paid_amount: '100.00000000',
  order_id: 'order-2',
  payment_history: [
    { deposit_id: 'dep-1', amount: '60.00000000' },
    { deposit_id: 'dep-2', amount: '40.00000000' },
  ],
};

export const transfer = {
  transfer_id: 'tr-1',
  transfer_type: 'to_sub',
  currency: 'usdttrc20',
  amount: '60.00',
  wallet_id: 'wal-1',
  created_at: at,
};
