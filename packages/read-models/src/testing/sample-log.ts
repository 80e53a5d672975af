import {
  type AccountId,
  accountId,
  addressOf,
  type Bucket,
  type CanonicalEvent,
  type CanonicalOf,
  type CanonicalType,
  checkpoint,
  correlationId,
  type Effect,
  type EventId,
  eventId,
  type HoldChange,
  type Instant,
  instant,
  invariant,
  type Money,
  parseMoney,
  type Posting,
  type ProviderName,
  streamVersion,
  transactionId,
} from '@counterfoil/domain';
import type { LedgerEvent, RecordedEvent } from '../ledger-event.ts';

const startMs = Date.UTC(2026, 0, 1);

/** The n-th second of the story that a test tells. */
export const second = (n: number): Instant => instant(startMs + n * 1000);

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const usd = (amount: string): Money => moneyOf('USD', amount);

export function moneyOf(asset: string, amount: string): Money {
  const isNegative = amount.startsWith('-');
  const parsed = parseMoney({ asset, amount: isNegative ? amount.slice(1) : amount });
  invariant(parsed.ok, `${amount} ${asset} is money`);
  return isNegative ? { ...parsed.value, units: -parsed.value.units } : parsed.value;
}

export interface SampleLog {
  readonly record: (stream: string, event: LedgerEvent) => RecordedEvent;
  readonly events: () => readonly RecordedEvent[];
}

/** Hand-made events as a store would give them back: one a second, positions from 1. */
export function sampleLog(): SampleLog {
  const events: RecordedEvent[] = [];
  return {
    events: () => events,
    record: (stream, event) => {
      const n = events.length + 1;
      const version = events.filter((known) => known.stream === stream).length + 1;
      const recorded: RecordedEvent = {
        event,
        stream,
        eventId: eventId(uuid(n)),
        version: streamVersion(BigInt(version)),
        position: checkpoint(String(n)),
        occurredAt: second(n),
        recordedAt: second(n),
        correlationId: correlationId(`correlation-${n}`),
        causationId: eventId(uuid(n)),
      };
      events.push(recorded);
      return recorded;
    },
  };
}

export const noEffect: Effect = {
  transaction: null,
  holds: [],
  reviewsOpened: [],
  reviewsClosed: [],
};

export const bucket = (account: string, place: Bucket): string =>
  addressOf(accountId(account), place);

const posting = (source: string, destination: string, amount: Money): Posting => ({
  source: source as Posting['source'],
  destination: destination as Posting['destination'],
  amount,
});

let transactions = 0;

/** An effect with postings, each a source, a destination and an amount. */
export function effect(
  postings: readonly (readonly [string, string, Money])[],
  more: Partial<Effect> = {},
): Effect {
  const [first, ...rest] = postings.map(([source, destination, amount]) =>
    posting(source, destination, amount),
  );
  transactions += 1;
  const transaction = first
    ? {
        transactionId: transactionId(`transaction-${transactions}`),
        postings: [first, ...rest] as const,
        effectiveAt: second(0),
      }
    : null;
  return { ...noEffect, transaction, ...more };
}

export const hold = (
  purchase: string,
  held: Money,
  change: Partial<HoldChange> = {},
): HoldChange => ({
  holdId: `card|cryptomate|card-1|${purchase}`,
  provider: 'cryptomate',
  cardId: 'card-1',
  authorizationId: `life_evt_${purchase}`,
  held,
  isConfirmed: false,
  expiresAt: second(1000),
  ...change,
});

let causes = 0;

/** A canonical event with an envelope that says little. */
export function cause<Type extends CanonicalType>(
  type: Type,
  data: CanonicalOf<Type>['data'],
  envelope: Readonly<{
    provider?: ProviderName;
    deliveryId?: string;
    references?: Readonly<Record<string, string>>;
    owners?: CanonicalEvent['owners'];
    effectKey?: string;
    eventId?: EventId;
  }> = {},
): CanonicalOf<Type> {
  causes += 1;
  const made = {
    type,
    data,
    eventId: envelope.eventId ?? eventId(uuid(900_000 + causes)),
    occurredAt: second(0),
    receivedAt: second(0),
    source: {
      provider: envelope.provider ?? 'cryptomate',
      dialect: 'c',
      adapterVersion: 1,
      channel: 'webhook',
      deliveryId: envelope.deliveryId ?? `delivery-${causes}`,
      providerEvent: `told ${type}`,
      bodySha256: '0'.repeat(64),
    },
    idempotencyKey: `key-${causes}`,
    effectKey: envelope.effectKey ?? null,
    subject: { kind: 'card', id: 'card-1' },
    owners: envelope.owners ?? [],
    references: envelope.references ?? {},
    flags: [],
  };
  return made as unknown as CanonicalOf<Type>;
}

/** What a fact that a provider reported is recorded with. */
export const fact = (event: CanonicalEvent, recorded: Effect = noEffect) => ({
  cause: event,
  side: null,
  aliases: [],
  effect: recorded,
});

export const opened = (account: string): LedgerEvent => ({
  type: 'AccountOpened',
  data: {
    owner: { place: 'account', accountId: accountId(account), kind: 'holder' },
    openedFor: null,
  },
});

export function funded(account: string, amount: Money): LedgerEvent {
  const id: AccountId = accountId(account);
  return {
    type: 'AdjustmentPosted',
    data: {
      adjustmentId: `adjustment-${transactions}`,
      amount,
      direction: 'credit',
      reason: 'start',
      actor: 'test',
      effect: effect([['platform:adjustments', addressOf(id, 'available'), amount]]),
    },
  };
}
