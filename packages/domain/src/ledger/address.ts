import type { AccountId, Brand, ProviderName } from '../ids.ts';

/** From general to specific: `accounts:42:available`. */
export type Address = Brand<string, 'Address'>;

/** The three places where an account's money can be. */
export type Bucket = 'available' | 'held' | 'reserved';

export const addressOf = (id: AccountId, bucket: Bucket): Address =>
  `accounts:${id}:${bucket}` as Address;

/** Places at a provider, seen from its side; docs/ARCHITECTURE.md has the chart of accounts. */
export type ProviderPlace = 'account' | 'in-transit' | 'clearing' | 'fees';
export const providerAddress = (provider: ProviderName, place: ProviderPlace): Address =>
  `providers:${provider}:${place}` as Address;

export const suspenseAddress = (provider: ProviderName): Address =>
  `suspense:${provider}` as Address;

export type PlatformPlace = 'fees' | 'transit' | 'fx' | 'adjustments';
export const platformAddress = (place: PlatformPlace): Address => `platform:${place}` as Address;
