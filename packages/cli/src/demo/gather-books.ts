import { providerNames } from '@counterfoil/domain';
import type { ApiClient } from './api-client.ts';
import type { Delivered } from './deliver.ts';
import type { Books, ProviderCounts, QuarantinedWebhook } from './demo-report.ts';

/** Everything that the tables show, as the API answers it at `position` or later. */
export async function gatherBooks(api: ApiClient, position: string): Promise<Books> {
  const at = `minPosition=${position}`;
  return {
    accounts: await api.list(`/v1/accounts?${at}`),
    cards: await api.list(`/v1/cards?${at}`),
    invoices: await api.list(`/v1/invoices?${at}`),
    payouts: await api.list(`/v1/payouts?${at}`),
    withdrawals: await api.list(`/v1/withdrawals?${at}`),
    suspense: await api.list(`/v1/suspense?${at}`),
    quarantine: await api.list('/v1/inbound-webhooks?status=quarantined'),
    reviews: await api.list(`/v1/reviews?status=open&${at}`),
  };
}

export type ArchiveCounts = Readonly<
  Record<string, ProviderCounts & Readonly<{ archived: number }>>
>;

/** By provider: what was sent, and what the archive made of it. */
export async function countDeliveries(
  api: ApiClient,
  delivered: readonly Delivered[],
): Promise<ArchiveCounts> {
  const archive = await api.list<QuarantinedWebhook>('/v1/inbound-webhooks');
  return Object.fromEntries(
    providerNames.map((provider) => {
      const sent = delivered.filter((delivery) => delivery.provider === provider);
      const rows = archive.filter((row) => row.provider === provider);
      const withStatus = (status: string) => rows.filter((row) => row.status === status).length;
      const counts = {
        delivered: sent.length,
        late: sent.filter(({ isLate, isRepeat }) => isLate && !isRepeat).length,
        duplicates: withStatus('duplicate'),
        variants: withStatus('variant'),
        refused: sent.filter(({ answer }) => answer.status === 401).length,
        quarantined: withStatus('quarantined'),
        archived: rows.length,
      };
      return [provider, counts];
    }),
  );
}
