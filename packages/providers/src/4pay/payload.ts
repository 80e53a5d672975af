import { chainId, decimal, id, keyword, objectOf, optional, text, time } from '../wire/field.ts';
import { chainText } from '../wire/key.ts';

// Flat and nested bodies, and the upstream's names, are read as one: each pair of names is one
// field. Unknown further fields are allowed and stay in the archive.

const account = optional(objectOf({ accountId: optional(id), id: optional(id) }));

const amounts = {
  amount: optional(decimal),
  currency: optional(text),
  feeAmount: optional(decimal),
  feeCurrency: optional(text),
  settlementAmount: optional(decimal),
  settlementCurrency: optional(text),
};

/** What stands at the top of a flat transaction and in `transactionDetails` of a nested one. */
const details = {
  type: optional(keyword),
  merchantName: optional(text),
  merchantCountry: optional(text),
  merchantCategory: optional(text),
  mcc: optional(text),
  rrn: optional(id),
  authorizationCode: optional(id),
  declineReason: optional(text),
  transactionAt: optional(time),
};

export const transactionSchema = objectOf({
  ...amounts,
  ...details,
  id,
  status: keyword,
  cardUuid: optional(id),
  cardId: optional(id),
  cardOwnerId: optional(id),
  accountUuid: optional(id),
  accountId: optional(id),
  account,
  parentId: optional(id),
  createdAt: optional(time),
  updatedAt: optional(time),
  transactionDetails: optional(
    objectOf({ ...details, card: optional(objectOf({ id: optional(id), cardId: optional(id) })) }),
  ),
});

export const topupSchema = objectOf({
  ...amounts,
  id,
  status: keyword,
  accountUuid: optional(id),
  accountId: optional(id),
  account,
  paymentAddress: optional(text.transform(chainText)),
  txHash: optional(chainId),
  createdAt: optional(time),
  updatedAt: optional(time),
});

const card = {
  id: optional(id),
  cardId: optional(id),
  status: optional(keyword),
  cardStatus: optional(keyword),
  balance: optional(decimal),
  availableBalance: optional(decimal),
  currency: optional(text),
  cardOwnerId: optional(id),
  cardOwner: optional(objectOf({ cardOwnerId: optional(id) })),
  accountUuid: optional(id),
  accountId: optional(id),
  createdAt: optional(time),
  updatedAt: optional(time),
};

/** A card's fields stand at the top, or in `card` beside `account`. */
export const flatCardSchema = objectOf({ ...card, account });
export const nestedCardSchema = objectOf({ account, card: objectOf(card) });
