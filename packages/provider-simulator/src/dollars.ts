import { decimalText, fromHundredths } from './decimal.ts';

/** Dollar text from hundredths of a dollar. */
export const dollars = (hundredths: number): string =>
  decimalText(fromHundredths(hundredths, 'USD'), 'USD');
