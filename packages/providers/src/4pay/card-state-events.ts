import { type CardStatus, type Money, instantText, ok, type Result } from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import { type ExactObject, isObject } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import { readAsset } from './assets.ts';
import { type Emitted, missing, type Reading, reference, refused } from './emitted.ts';
import { cardStatuses } from './event-names.ts';
import { flatCardSchema, nestedCardSchema } from './payload.ts';
import { accountIdOf } from './transaction.ts';

type Card = z.output<typeof flatCardSchema>;

const statusOf: Readonly<Record<(typeof cardStatuses)[number], CardStatus>> = {
  creating: 'creating',
  creating_failed: 'creation-failed',
  active: 'active',
  frozen: 'frozen',
  blocked: 'blocked',
  closed: 'closed',
  expired: 'expired',
};

/** The state of a card; a balance in it is compared with the books and never posted. */
export function cardStateEvents(
  resource: ExactObject,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const read = readCard(resource, reading.path);
  if (!read.ok) return read;
  const { card, path } = read.value;
  const cardId = card.id ?? card.cardId;
  if (cardId === null) return missing(`${path}id`);
  const stated = card.status ?? card.cardStatus;
  if (stated === null) return missing(`${path}status`);
  const known = cardStatuses.find((status) => status === stated);
  if (known === undefined)
    return refused('status-unknown', `${path}status`, `"${stated}" is not a card status.`);
  const reportedBalance = readBalance(card, path, reading);
  if (!reportedBalance.ok) return reportedBalance;
  const ownerId = card.cardOwnerId ?? card.cardOwner?.cardOwnerId ?? null;
  const holder = ownerId === null ? null : reference('client', ownerId);
  const changedAt = card.updatedAt ?? reading.receivedAt;
  const status = statusOf[known];
  return ok([
    {
      type: 'CardStatusChanged',
      occurredAt: card.updatedAt,
      data: {
        cardId,
        status,
        reason: null,
        changedAt,
        reportedBalance: reportedBalance.value,
        holder,
      },
      effectKey: joinedKey(['card', cardId, status, instantText(changedAt)]),
      subject: { kind: 'card', id: cardId },
      owners: holder === null ? [reference('card', cardId)] : [reference('card', cardId), holder],
      references: { accountId: accountIdOf(card) },
    },
  ]);
}

/** The card's fields with the path where they stand. */
function readCard(
  resource: ExactObject,
  path: string,
): Result<Readonly<{ card: Card; path: string }>, Quarantine> {
  if (!isObject(resource['card'])) {
    const flat = readBySchema(flatCardSchema, resource, path.replace('.', ''));
    return flat.ok ? ok({ card: flat.value, path }) : flat;
  }
  const nested = readBySchema(nestedCardSchema, resource, path.replace('.', ''));
  if (!nested.ok) return nested;
  const { card, account } = nested.value;
  return ok({ card: { ...card, account }, path: `${path}card.` });
}

/** What can be spent: both forms state it, while only the flat one has the total. */
function readBalance(
  card: Card,
  path: string,
  { amountMax }: Reading,
): Result<Money | null, Quarantine> {
  const isAvailable = card.availableBalance !== null;
  const stated = isAvailable ? card.availableBalance : card.balance;
  if (stated === null || card.currency === null) return ok(null);
  const asset = readAsset(card.currency, `${path}currency`);
  if (!asset.ok) return asset;
  const name = isAvailable ? 'availableBalance' : 'balance';
  return readAmount(stated, asset.value, `${path}${name}`, amountMax);
}
