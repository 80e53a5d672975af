import type { ProviderName } from '@counterfoil/domain';
import {
  type ProviderAdapter,
  providerAdapters,
  type ProvidersConfig,
} from '@counterfoil/providers';

/**
 * An adapter verifies by all of its credentials and signs with the first. Here each of them comes
 * first once, so that whichever a sender used, one adapter signs like it.
 */
export function adaptersByCredential(
  config: ProvidersConfig,
): ReadonlyMap<ProviderName, readonly ProviderAdapter[]> {
  const { cryptomate, cryptofuse, fourpay, calypso, standard } = config;
  const counts = [
    cryptomate?.keys.length,
    cryptofuse?.secrets.length,
    fourpay?.secrets.length,
    calypso?.credentials.length,
    standard?.secrets.length,
  ];
  const adapters = new Map<ProviderName, readonly ProviderAdapter[]>();
  for (let by = 0; by < Math.max(...counts.map((count) => count ?? 0)); by += 1) {
    const turned = providerAdapters({
      ...config,
      cryptomate: cryptomate && { ...cryptomate, keys: rotated(cryptomate.keys, by) },
      cryptofuse: cryptofuse && { ...cryptofuse, secrets: rotated(cryptofuse.secrets, by) },
      fourpay: fourpay && { ...fourpay, secrets: rotated(fourpay.secrets, by) },
      calypso: calypso && { ...calypso, credentials: rotated(calypso.credentials, by) },
      standard: standard && { ...standard, secrets: rotated(standard.secrets, by) },
    });
    for (const [provider, adapter] of turned)
      adapters.set(provider, [...(adapters.get(provider) ?? []), adapter]);
  }
  return adapters;
}

const rotated = <Item>(items: readonly Item[], by: number): readonly Item[] => {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
};
