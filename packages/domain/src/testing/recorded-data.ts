import fc from 'fast-check';
import { assets } from '../asset.ts';
import { instant } from '../ids.ts';
import { money } from '../money.ts';

const moneyDrawn = fc
  .tuple(fc.constantFrom(...assets), fc.bigInt(-(10n ** 30n), 10n ** 30n))
  .map(([{ asset }, units]) => money(asset, units));
const instantDrawn = fc
  .integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
  .map(instant);
const plainKey = fc.string().filter((key) => !/(?:At|By)$|^__proto__$|^asset$|^amount$/.test(key));

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
    )
    .map(([plain, instants]) => ({ ...plain, ...instants })),
}));

/** Data as the house rules allow it: bigint only in money, instants only under their keys. */
export const recordedData = data;
