import { externalIdLengthMax, instantText, parseInstant } from '@counterfoil/domain';
import {
  type ExactJson,
  type ExactObject,
  isNumeral,
  isObject,
  sha256,
} from '../wire/exact-json.ts';
import { chainText, joinedKey } from '../wire/key.ts';
import type { Envelope } from './dialect.ts';

type FieldReader = (data: ExactObject) => string | null;

/**
 * The fields that name the fact: the envelope's and, because `operation_id` repeats, those of
 * section 17. Total: a key is found for what is quarantined as well, absent parts counting empty.
 */
export function eventKeyOf(envelope: Envelope): string {
  const { product, eventType, operationId, status } = envelope;
  const data = isObject(envelope.data) ? envelope.data : {};
  // The one event with a documented key of its own; its `operation_id` is the card.
  if (eventType === 'card_blocked_by_velocity')
    return joinedKey([product, eventType, ...velocityFields.map((field) => field(data))]);
  const added = addedFields(eventType, status).map((field) => field(data));
  return joinedKey([product, eventType, operationId, status, ...added]);
}

/** Of a deposit's token, which dialects and events name in two places. */
const tokenAddressOf: FieldReader = (data) => {
  const token = data['token'];
  return chain('token_address')(data) ?? (isObject(token) ? chain('address')(token) : null);
};

const plain =
  (name: string): FieldReader =>
  (data) =>
    textOf(data[name]);

const chain =
  (name: string): FieldReader =>
  (data) => {
    const text = textOf(data[name]);
    return text === null ? null : chainText(text);
  };

/** The same moment written in two ways is one key. */
const moment =
  (name: string): FieldReader =>
  (data) => {
    const text = textOf(data[name]);
    const at = text === null ? null : parseInstant(text);
    return at === null ? text : instantText(at);
  };

const createdAt = [moment('created_at')];
const cardAndCreatedAt = [plain('card_id'), ...createdAt];
const depositFields = [plain('wallet_id'), chain('from_wallet_address'), tokenAddressOf];
const warrantyFields = [plain('wallet_id'), chain('to_wallet_address')];
const velocityFields = [plain('company_id'), plain('card_id'), moment('blocked_at')];
const clientFields = [plain('status'), moment('updated_at')];

function addedFields(eventType: string, status: string | null): readonly FieldReader[] {
  switch (eventType) {
    case 'authorized':
    case 'declined':
      return createdAt;
    case 'cleared':
      return status === 'pending' || status === 'manual_check' ? createdAt : cardAndCreatedAt;
    case 'refund':
    case 'reversal':
    case 'visa_direct_deposit':
      return status === 'success' ? cardAndCreatedAt : [];
    case 'deposit':
      return depositFields;
    case 'warranty_withdraw':
      return warrantyFields;
    case 'client_status':
      return clientFields;
    default:
      return [];
  }
}

/** A key is stored and indexed: what is longer than any id, or no text to a database, is hashed. */
function textOf(value: ExactJson | undefined): string | null {
  const text = isNumeral(value) ? value.value : value;
  if (typeof text !== 'string' || text.trim() === '') return null;
  const trimmed = text.trim();
  const isStorable = trimmed.length <= externalIdLengthMax && !/\p{Surrogate}/u.test(trimmed);
  return isStorable ? trimmed : `sha256:${sha256(JSON.stringify(trimmed))}`;
}
