import { sampleConfiguration } from '@counterfoil/providers/testing';
import type { HttpApi } from './http-api.ts';

/** The accounts that the samples assume, with the references that name them. */
export async function openSampleAccounts(api: HttpApi): Promise<void> {
  for (const { accountId, kind, references } of sampleConfiguration.accounts)
    await api.post('/v1/accounts', { accountId, kind, references });
}

/** Money to begin with, by a manual adjustment. */
export async function fundAccount(
  api: HttpApi,
  { accountId, asset, amount }: Readonly<{ accountId: string; asset: string; amount: string }>,
): Promise<void> {
  await api.post(`/v1/accounts/${accountId}/adjustments`, {
    asset,
    amount,
    direction: 'credit',
    reason: 'what the test starts with',
  });
}
