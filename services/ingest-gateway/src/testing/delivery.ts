import { createHash } from 'node:crypto';
import { instant } from '@counterfoil/domain';
import { anyDelivery, type DeliveryQuery, type IncomingDelivery } from '../inbox/inbox.ts';

/** The latest hundred of all. */
export const newestFirst: DeliveryQuery = {
  ...anyDelivery,
  order: 'newest-first',
  after: null,
  limit: 100,
};

let made = 0;

/** A delivery of its own, unless `overrides` say what it shares with another. */
export function delivery(overrides: Partial<IncomingDelivery> = {}): IncomingDelivery {
  made += 1;
  const body = overrides.body ?? Buffer.from(`{"probe":${made}}`);
  return {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    provider: 'calypso',
    dialect: 'payload',
    eventKey: `event-${made}`,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    receivedAt: instant(Date.UTC(2026, 5, 14, 12)),
    headers: new Map([['content-type', 'application/json']]),
    availableAt: instant(Date.UTC(2026, 5, 14, 12)),
    reason: null,
    ...overrides,
    body,
  };
}
