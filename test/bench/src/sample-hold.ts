import { assetOf, type Event, instant, type Money, money } from '@counterfoil/domain';

/** Like a card hold as the books record it: of its size, with money, instants and nesting. */
export type HoldPlaced = Event<'HoldPlaced', Readonly<Record<string, unknown>>>;

const usd = assetOf('USD');
export const oneCent: Money = usd.ok ? money(usd.value, 10_000n) : never('USD is an asset');

export const holdPlaced = (holdId: string, available: Money): HoldPlaced => ({
  type: 'HoldPlaced',
  data: {
    cause: {
      type: 'AuthorizationRequested',
      eventId: holdId,
      occurredAt: instant(1_767_225_600_000),
      receivedAt: instant(1_767_225_600_123),
      idempotencyKey: `cryptomate:authorization:${holdId}`,
      source: { provider: 'cryptomate', dialect: 'cards-v1', adapterVersion: 1 },
      subject: { kind: 'card', id: 'card-0000-1111' },
      data: {
        amount: oneCent,
        merchant: { id: 'M-42', name: 'Corner shop', categoryCode: '5411', country: 'LT' },
      },
    },
    effect: {
      transaction: {
        transactionId: `hold:${holdId}`,
        postings: [
          {
            source: 'accounts:hot:available',
            destination: 'accounts:hot:held',
            amount: oneCent,
          },
        ],
        effectiveAt: instant(1_767_225_600_000),
      },
      holds: [{ holdId, held: oneCent, isConfirmed: false, expiresAt: instant(1_767_830_400_000) }],
    },
    available,
  },
});

function never(message: string): never {
  throw new Error(`Invariant broken: ${message}`);
}
