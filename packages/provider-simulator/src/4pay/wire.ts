import { type BodyValue, bodyText } from '../body-text.ts';

/** The two shapes of a body: everything at the top, or inside `data` under longer names. */
export const fourpayShapes = ['flat', 'nested'] as const;
export type FourpayShape = (typeof fourpayShapes)[number];

export type FourpayTransaction = Readonly<{
  id: string;
  account: string;
  /** Null for a transaction of the account itself. */
  card: string | null;
  type: string;
  status: string;
  amount: string;
  fee: string | null;
  parentId: string | null;
  createdAt: string;
  updatedAt: string;
}>;

/** A transaction of a card or an account: 4pay names the event nowhere, its shape tells. */
export function fourpayTransaction(shape: FourpayShape, told: FourpayTransaction): string {
  return shape === 'flat' ? flatTransaction(told) : nestedTransaction(told);
}

function flatTransaction(told: FourpayTransaction): string {
  const { id, card, account, type, status, amount, fee, parentId } = told;
  return bodyText({
    id,
    ...(card !== null && { cardUuid: card }),
    accountUuid: account,
    amount,
    currency: 'USD',
    type,
    status,
    ...(card !== null && { merchantName: 'Example Shop', merchantCategory: '5411' }),
    ...(fee !== null && { feeAmount: fee, settlementAmount: amount, settlementCurrency: 'USD' }),
    ...(parentId !== null && { parentId }),
    createdAt: told.createdAt,
    updatedAt: told.updatedAt,
  });
}

function nestedTransaction(told: FourpayTransaction): string {
  const { id, card, account, type, status, amount, fee, parentId } = told;
  const details: Readonly<Record<string, BodyValue>> =
    card === null
      ? { sourceAccountId: account, type, transactionAt: null }
      : {
          card: { id: card, maskedNumber: '411111******0001', name: 'Team' },
          merchantName: 'Example Shop',
          merchantCountry: 'DE',
          type,
          declineReason: null,
          transactionAt: told.createdAt,
        };
  return bodyText({
    data: {
      id,
      account: { accountId: account, accountName: 'Main' },
      amount,
      currency: 'USD',
      feeAmount: fee,
      feeCurrency: fee === null ? null : 'USD',
      settlementAmount: amount,
      settlementCurrency: 'USD',
      description: null,
      parentId,
      status,
      createdAt: told.createdAt,
      updatedAt: told.updatedAt,
      transactionDetails: details,
    },
  });
}

export type FourpayCard = Readonly<{
  card: string;
  account: string;
  client: string;
  status: string;
  balance: string;
  at: string;
}>;

/** A state of a card. */
export function fourpayCardState(shape: FourpayShape, told: FourpayCard): string {
  const { card, account, client, status, balance, at } = told;
  if (shape === 'flat')
    return bodyText({
      id: card,
      accountUuid: account,
      cardOwnerId: client,
      status,
      cardType: 'virtual',
      lastFour: '0002',
      balance,
      availableBalance: balance,
      currency: 'USD',
      createdAt: at,
      updatedAt: at,
    });
  return bodyText({
    data: {
      account: { id: account, name: 'Main' },
      card: {
        cardId: card,
        name: 'Team',
        availableBalance: balance,
        spendedBalance: '0.00',
        currency: 'USD',
        maskedNumber: '411111******0001',
        cardType: 'virtual',
        status,
        cardOwner: { cardOwnerId: client },
        createdAt: at,
        updatedAt: at,
      },
    },
  });
}
