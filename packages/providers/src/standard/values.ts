import { assetOf } from '@counterfoil/domain';
import { z } from 'zod';
import { type AmountMax, readAmount } from '../wire/amount.ts';
import type { CanonicalValues } from '../wire/canonical-schema.ts';
import { code, id, text, time } from '../wire/field.ts';
import { chainText } from '../wire/key.ts';
import { because } from '../wire/schema.ts';

const moneyText = z.strictObject({ asset: code, amount: z.string() });

/** Numbers and the like do not stand for text here, as they do at some providers. */
const isText = (value: unknown): boolean => typeof value === 'string';
// What is no text stays as it came: without the abort, checks of a whole list would see it.
const written = z.unknown().refine(isText, { error: 'expected text', abort: true });

/** The values of an event as every wire of ours writes them: amounts as text, never as numbers. */
export const wireValues = (amountMax: AmountMax): CanonicalValues => ({
  id: written.pipe(id).transform(chainText),
  text: written.pipe(text),
  instant: written.pipe(time),
  provider: z.literal('standard'),
  money: moneyText.transform((stated, context) => {
    const asset = assetOf(stated.asset);
    const amount = asset.ok ? readAmount(stated.amount, asset.value, '', amountMax) : asset;
    if (amount.ok) return amount.value;
    const { code: why, message } = amount.error;
    const path = [asset.ok ? 'amount' : 'asset'];
    context.addIssue({ code: 'custom', message, path, ...because(why) });
    return z.NEVER;
  }),
});
