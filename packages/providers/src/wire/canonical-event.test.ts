import { instant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import type { VerifiedWebhook } from '../provider-adapter.ts';
import { canonicalEvent, type DeliveryContext } from './canonical-event.ts';

const webhook = {
  headers: new Map(),
  body: new Uint8Array(),
  receivedAt: instant(1000),
  deliveryId: 'delivery-1',
} as unknown as VerifiedWebhook;
const context: DeliveryContext = {
  provider: 'cryptomate',
  dialect: 'C',
  adapterVersion: 1,
  providerEvent: 'cards/refund/failed',
  eventKey: 'cards|refund|op-1|failed',
  bodySha256: 'a'.repeat(64),
  webhook,
};
const parts = {
  type: 'ProviderNoticeReceived',
  data: { kind: 'refund-failed' },
  occurredAt: null,
  effectKey: null,
  subject: { kind: 'card', id: 'crd_1' },
  owners: [],
} as const;

describe('canonicalEvent', () => {
  it('has an id that follows from the delivery and its place in the output, for ever', () => {
    const event = canonicalEvent(context, parts);
    expect(event.idempotencyKey).toBe(`cryptomate|cards|refund|op-1|failed|${'a'.repeat(64)}`);
    expect(event.eventId).toBe('584e7af7-fda7-5a18-94b3-5d0d4f14273f');
    expect(canonicalEvent(context, parts).eventId).toBe(event.eventId);
    expect(canonicalEvent(context, parts, 1).eventId).not.toBe(event.eventId);
    const variant = { ...context, bodySha256: 'b'.repeat(64) };
    expect(canonicalEvent(variant, parts).eventId).not.toBe(event.eventId);
  });

  it('keeps no absent reference, names the provider in an effect key, and dates by receipt', () => {
    const references = { chainHash: null, operationId: 'op-1' };
    const event = canonicalEvent(context, { ...parts, effectKey: 'refund|op-1', references });
    expect(event.references).toEqual({ operationId: 'op-1' });
    expect(event.effectKey).toBe('cryptomate|refund|op-1');
    expect(event.occurredAt).toBe(1000);
    expect(canonicalEvent(context, { ...parts, occurredAt: instant(5) }).occurredAt).toBe(5);
  });
});
