import type { AssetCode } from './decimal.ts';
import type { Movement } from './story.ts';

export type Buckets = Readonly<{ available: bigint; held: bigint; reserved: bigint }>;

/** By account, then by asset. */
export type PredictedBooks = ReadonlyMap<string, ReadonlyMap<AssetCode, Buckets>>;

/** Adds up what the stories moved. */
export function predictedBooks(movements: Iterable<Movement>): PredictedBooks {
  const books = new Map<string, Map<AssetCode, Buckets>>();
  for (const { accountId, asset, available = 0n, held = 0n, reserved = 0n } of movements) {
    const account = books.get(accountId) ?? new Map<AssetCode, Buckets>();
    const before = account.get(asset) ?? { available: 0n, held: 0n, reserved: 0n };
    account.set(asset, {
      available: before.available + available,
      held: before.held + held,
      reserved: before.reserved + reserved,
    });
    books.set(accountId, account);
  }
  return books;
}
