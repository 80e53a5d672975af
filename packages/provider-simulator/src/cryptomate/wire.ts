import { type BodyValue, bodyText, digits } from '../body-text.ts';

/** The three dialects that CryptoMate's documents know, told apart by their field names. */
export type CryptomateDialect = 'A' | 'B' | 'C';

export const cryptomateDialects = ['A', 'B', 'C'] as const;

/** The configured dollar token of the samples: any other would be quarantined. */
export const tokenAddress = '0x537486df2c8ac82805174714623b980081792889';

type EventWords = Readonly<{
  product: 'cards' | 'individual_cards' | 'virtual_wallets' | 'treasury' | 'company_activity';
  /** In dialect C's words. */
  eventType: string;
  status: string;
}>;

const upperEventTypes: Readonly<Record<string, string>> = { cleared: 'CLEARING' };

/** An event in the dialect's own envelope and spelling. */
export function cryptomateBody(
  dialect: CryptomateDialect,
  { product, eventType, status }: EventWords,
  operationId: string,
  data: Readonly<Record<string, BodyValue>>,
): string {
  const upper = {
    product: product.toUpperCase(),
    eventType: upperEventTypes[eventType] ?? eventType.toUpperCase(),
    status: status === 'canceled' ? 'CANCELLED' : status.toUpperCase(),
  };
  switch (dialect) {
    case 'A':
      return bodyText({
        operation: upper.product,
        sub_operation: upper.eventType,
        operation_id: operationId,
        status: upper.status,
        data,
      });
    case 'B':
      return bodyText({
        product: upper.product,
        event_type: upper.eventType,
        operation_id: operationId,
        status: upper.status,
        data,
      });
    case 'C':
      return bodyText({ product, event_type: eventType, operation_id: operationId, status, data });
  }
}

/** C writes amounts as text, the older dialects as numbers. */
export const cryptomateAmount = (dialect: CryptomateDialect, text: string): BodyValue =>
  dialect === 'C' ? text : digits(text);

/** A token as the dialect describes it. */
export const tokenOf = (dialect: CryptomateDialect): BodyValue =>
  dialect === 'C'
    ? { address: tokenAddress }
    : { name: 'USD Coin', symbol: 'USDC', address: tokenAddress };

export const chainOf = (dialect: CryptomateDialect): string =>
  dialect === 'C' ? 'polygon' : 'POLYGON';
