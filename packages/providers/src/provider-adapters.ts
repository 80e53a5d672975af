import type { ProviderName } from '@counterfoil/domain';
import { fourpayAdapter } from './4pay/adapter.ts';
import type { FourpayOptions } from './4pay/settings.ts';
import { type CalypsoAdapterOptions, calypsoAdapter } from './calypso/adapter.ts';
import { cryptofuseAdapter } from './cryptofuse/adapter.ts';
import type { CryptofuseOptions } from './cryptofuse/settings.ts';
import { cryptomateAdapter } from './cryptomate/adapter.ts';
import type { CryptomateOptions } from './cryptomate/settings.ts';
import type { ProviderAdapter } from './provider-adapter.ts';
import { standardAdapter } from './standard/adapter.ts';
import type { StandardOptions } from './standard/settings.ts';
import type { AmountMax } from './wire/amount.ts';

/** Null switches a provider off: without a credential nothing of it could be believed. */
export type ProvidersConfig = Readonly<{
  amountMax: AmountMax;
  cryptomate: Omit<CryptomateOptions, 'amountMax'> | null;
  cryptofuse: Omit<CryptofuseOptions, 'amountMax'> | null;
  fourpay: Omit<FourpayOptions, 'amountMax'> | null;
  calypso: Omit<CalypsoAdapterOptions, 'amountMax'> | null;
  standard: Omit<StandardOptions, 'amountMax'> | null;
}>;

/** The adapters that are configured, by the name in their URL and in every reference. */
export function providerAdapters(
  config: ProvidersConfig,
): ReadonlyMap<ProviderName, ProviderAdapter> {
  const { amountMax, cryptomate, cryptofuse, fourpay, calypso, standard } = config;
  const adapters = [
    cryptomate && cryptomateAdapter({ ...cryptomate, amountMax }),
    cryptofuse && cryptofuseAdapter({ ...cryptofuse, amountMax }),
    fourpay && fourpayAdapter({ ...fourpay, amountMax }),
    calypso && calypsoAdapter({ ...calypso, amountMax }),
    standard && standardAdapter({ ...standard, amountMax }),
  ].filter((adapter) => adapter !== null);
  return new Map(adapters.map((adapter) => [adapter.provider, adapter]));
}
