import {
  type Flag,
  type Instant,
  instantText,
  ok,
  type Reference,
  type Result,
} from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { type Billed, merchantOf, readBilled } from './billing.ts';
import {
  type Delivery,
  readData,
  reference,
  type Translated,
  type Translator,
} from './delivery.ts';
import { cardTransaction, type CardTransaction } from './payload.ts';

/** A card event as read: its data, its amounts, and what all card events say alike. */
export type CardEvent = Readonly<{
  data: CardTransaction;
  billed: Billed;
  envelope: Readonly<{
    occurredAt: Instant | null;
    subject: Readonly<{ kind: 'card'; id: string }>;
    owners: readonly Reference[];
    references: Readonly<Record<string, string | null>>;
  }>;
  /** For events whose fees count: fees that are not stated count as zero and are flagged. */
  feeFlags: readonly Flag[];
}>;

/** A translator of a card event from what to do with one that could be read. */
export const cardEvent =
  (build: (event: CardEvent, delivery: Delivery) => Translated): Translator =>
  (delivery) => {
    const event = readCardEvent(delivery);
    return event.ok ? build(event.value, delivery) : event;
  };

/** No field names the purchase: the ledger matches by `linkId`, card, shop and currency (row 1). */
export const purchaseOf = ({ data }: CardEvent, delivery: Delivery) => ({
  cardId: data.card_id,
  linkId: delivery.envelope.operationId,
  merchant: merchantOf(data),
});

/** Two pieces of one purchase may share an `operation_id`; the time tells them apart. */
export function pieceKeyOf(event: CardEvent, delivery: Delivery): readonly string[] {
  const createdAt = createdAtOf(event);
  const { operationId } = delivery.envelope;
  return createdAt === null ? [operationId] : [operationId, createdAt];
}

export const createdAtOf = ({ data }: CardEvent): string | null =>
  data.created_at === null ? null : instantText(data.created_at);

function readCardEvent(delivery: Delivery): Result<CardEvent, Quarantine> {
  const data = readData(delivery, cardTransaction);
  if (!data.ok) return data;
  const billed = readBilled(data.value, delivery.options);
  if (!billed.ok) return billed;
  const { card_id: cardId, created_at: occurredAt, exchange_rate: exchangeRate } = data.value;
  return ok({
    data: data.value,
    billed: billed.value,
    envelope: {
      occurredAt,
      subject: { kind: 'card', id: cardId },
      owners: [reference('card', cardId)],
      references: { exchangeRate },
    },
    feeFlags: billed.value.areFeesStated ? [] : ['amount-unverified'],
  });
}
