import { isAssetCode, unitsOf } from '../decimal.ts';
import { type PredictedBooks, predictedBooks } from '../predicted-books.ts';
import type { Movement } from '../story.ts';
import type { ApiClient } from './api-client.ts';

type AccountAnswer = Readonly<{
  accountId: string;
  balances: readonly Readonly<{
    asset: string;
    available: string;
    held: string;
    reserved: string;
  }>[];
}>;

/** What the API says about some accounts, in the same form as the prediction. */
export async function apiBooks(
  api: ApiClient,
  accountIds: Iterable<string>,
): Promise<PredictedBooks> {
  const balances: Movement[] = [];
  for (const accountId of accountIds) {
    const account = (await api.accepted('GET', `/v1/accounts/${accountId}`)) as AccountAnswer;
    for (const { asset, available, held, reserved } of account.balances)
      if (isAssetCode(asset))
        balances.push({
          accountId,
          asset,
          available: unitsOf(available, asset),
          held: unitsOf(held, asset),
          reserved: unitsOf(reserved, asset),
        });
  }
  return predictedBooks(balances);
}
