import type { ApiClient } from './api-client.ts';
import { mergedAccounts } from './merged-accounts.ts';
import type { Story } from './sample-stories.ts';

/** Opens every account with its references, posts the starting money, and places our orders. */
export async function prepareAccounts(api: ApiClient, stories: readonly Story[]): Promise<void> {
  for (const account of mergedAccounts(stories)) await api.post('/v1/accounts', account);
  for (const { name, adjustments } of stories)
    for (const { accountId, asset, amount } of adjustments)
      await api.post(`/v1/accounts/${accountId}/adjustments`, {
        asset,
        amount,
        direction: 'credit',
        reason: `what ${name} starts with`,
      });
  for (const { order, body } of stories.flatMap(({ steps }) => steps))
    if (order && body) await api.post(`/v1/${order}`, body);
}
