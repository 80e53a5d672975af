import { type AssetCode, decimalText } from '../decimal.ts';
import type { Buckets, PredictedBooks } from '../predicted-books.ts';
import type { Check } from './simulation-report.ts';

const shownMax = 5;
const nothing: Buckets = { available: 0n, held: 0n, reserved: 0n };
const bucketNames = ['available', 'held', 'reserved'] as const;

/** Compares account by account, asset by asset, to the last digit. */
export function checkBooks(predicted: PredictedBooks, actual: PredictedBooks): Check {
  const differences: string[] = [];
  let compared = 0;
  for (const accountId of new Set([...predicted.keys(), ...actual.keys()])) {
    const [should, is] = [predicted.get(accountId), actual.get(accountId)];
    for (const asset of new Set([...(should?.keys() ?? []), ...(is?.keys() ?? [])])) {
      compared += 1;
      const text = difference(asset, should?.get(asset) ?? nothing, is?.get(asset) ?? nothing);
      if (text !== '') differences.push(`${accountId} ${asset}: ${text}`);
    }
  }
  return {
    name: 'the books equal what was told',
    ok: differences.length === 0,
    detail:
      differences.length === 0
        ? `${compared} balances of ${predicted.size} accounts, to the last digit`
        : `${differences.length} differ: ${differences.slice(0, shownMax).join('; ')}`,
  };
}

const difference = (asset: AssetCode, should: Buckets, is: Buckets): string =>
  bucketNames
    .filter((bucket) => should[bucket] !== is[bucket])
    .map(
      (bucket) =>
        `${bucket} is ${decimalText(is[bucket], asset)}, not ${decimalText(should[bucket], asset)}`,
    )
    .join(', ');
