import fc from 'fast-check';
import { assets } from '../asset.ts';
import { instant } from '../ids.ts';
import { money } from '../money.ts';

const moneyDrawn = fc
  .tuple(fc.constantFrom(...assets), fc.bigInt(-(10n ** 30n), 10n ** 30n))
  .map(([{ asset }, units]) => money(asset, units));
/** Also of the year 0, which earlier builds took in: it stays readable. */
const instantDrawn = fc
  .integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
  .map(instant);
const plainKey = fc
  .string()
  .filter((key) => !/(?:At|By)$|^(?:__proto__|asset|amount|references)$/.test(key));
/** Texts by any names, among them those that would elsewhere be money or an instant. */
const references = fc.dictionary(
  fc.oneof(plainKey, fc.constantFrom('asset', 'amount', 'orderedAt', 'servedBy')),
  fc.string(),
  { maxKeys: 3, noNullPrototype: true },
);

const { data } = fc.letrec<{ data: object; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.integer(),
    moneyDrawn,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('data'),
  ),
  data: fc
    .tuple(
      fc.dictionary(plainKey, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      fc.dictionary(
        plainKey.map((key) => `${key}At`),
        fc.option(instantDrawn),
        { maxKeys: 2, noNullPrototype: true },
      ),
      fc.record({ references }, { requiredKeys: [] }),
    )
    .map(([plain, instants, named]) => ({ ...plain, ...instants, ...named })),
}));

/**
 * Data as the house rules allow it: bigint only in money, instants only under their keys, and texts
 * by any names as references.
 */
export const recordedData = data;
