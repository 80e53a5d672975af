import { accountIdPattern, externalIdLengthMax, providerNames } from '@counterfoil/domain';
import { z } from 'zod';

/** A decimal string, never a JSON number: no digit may pass through a binary float. */
export const amountText = z
  .string()
  .min(1)
  .max(80)
  .meta({ description: 'A decimal string', examples: ['18.75'] });

export const assetText = z
  .string()
  .min(1)
  .max(40)
  .meta({ description: 'ISO 4217 code or SYMBOL:NETWORK', examples: ['USD', 'USDT:TRON'] });

export const moneySchema = z.object({ asset: assetText, amount: amountText });
export const moneyRequest = z.strictObject({ asset: assetText, amount: amountText });

export const instantSchema = z
  .string()
  .meta({ description: 'RFC 3339 in UTC', examples: ['2026-01-31T12:00:00.000Z'] });
/** Any RFC 3339 time with its zone. */
export const instantRequest = z.iso.datetime({ offset: true });

export const accountIdText = z
  .string()
  .regex(accountIdPattern, '1 to 64 of A-Za-z0-9_.-')
  .meta({ examples: ['player-42'] });
export const providerName = z.enum(providerNames);
/**
 * Webhooks' ids are trimmed: with a blank around it an id would name nothing that is ever told. A
 * control character cannot stand in the name of a stream.
 */
export const externalId = z
  .string()
  .min(1)
  .max(externalIdLengthMax)
  .refine((text) => text === text.trim(), 'no blanks before or after it')
  .refine((text) => !/\p{Control}/u.test(text), 'no control characters');
export const positionText = z
  .string()
  .max(40)
  .meta({ description: 'A position of the log; opaque', examples: ['1042'] });
