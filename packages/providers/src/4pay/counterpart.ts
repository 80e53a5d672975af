import { type CanonicalEvent, moneyText, type Result } from '@counterfoil/domain';
import type { Counterpart, VerifiedWebhook } from '../provider-adapter.ts';
import { parseExactJson } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { readMoved } from './charge.ts';
import type { FourpayOptions } from './settings.ts';
import { type EventType, shapeOf } from './shape.ts';
import { readTransaction } from './transaction.ts';

type Translated = Result<readonly CanonicalEvent[], Readonly<{ code: string }>>;

/**
 * A card transfer posts both sides; the account's own transaction about it has no documented type
 * and no id in common with it. Both state the account, the amount before any fee, and when they
 * were created. An account transaction that was declined or canceled is no side of what happened.
 */
export function counterpartOf(
  webhook: VerifiedWebhook,
  translated: Translated,
  { settings, amountMax }: Pick<FourpayOptions, 'settings' | 'amountMax'>,
): Counterpart | null {
  const expected = sideOf(translated);
  if (expected === null) return null;
  const body = parseExactJson(webhook.body);
  if (!body.ok) return null;
  const { eventType, resource, path } = shapeOf(body.value);
  if (eventType !== expected) return null;
  const read = readTransaction(resource, path);
  if (!read.ok || !mayHaveMoved.includes(read.value.status)) return null;
  const { accountId, createdAt } = read.value;
  const { receivedAt } = webhook;
  const moved = readMoved(read.value, { receivedAt, path, settings, amountMax });
  if (!moved.ok || accountId === null || createdAt === null) return null;
  const { asset, amount } = moneyText(moved.value);
  return { movement: joinedKey([accountId, asset, amount]), at: createdAt };
}

const mayHaveMoved: readonly string[] = ['authorized', 'pending', 'completed'];

function sideOf(translated: Translated): EventType | null {
  if (!translated.ok)
    return translated.error.code === 'type-unknown' ? 'account_transaction' : null;
  return translated.value.some(({ type }) => type === 'TransferCompleted')
    ? 'card_transaction'
    : null;
}
