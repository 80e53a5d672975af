import type { ProviderName, ReferenceKind } from '@counterfoil/domain';
import { expect, it } from 'vitest';
import { comparedId } from './compared-id.ts';

it.each<[ProviderName, ReferenceKind, string, string]>([
  ['cryptomate', 'address', '0xAB', '0xab'],
  ['calypso', 'address', '0xAB', '0xab'],
  ['cryptomate', 'withdrawal', '0xAB', '0xab'],
  ['cryptomate', 'withdrawal', 'WD-1', 'WD-1'],
  ['cryptomate', 'wallet', '0xAB', '0xAB'],
  ['cryptofuse', 'withdrawal', '0xAB', '0xAB'],
  ['calypso', 'payout', '0xAB', '0xAB'],
  ['standard', 'wallet', '0xAB', '0xab'],
  ['standard', 'wallet', 'W-1', 'W-1'],
])('the %s %s %s is compared as %s', (provider, kind, externalId, compared) => {
  expect(comparedId({ provider, kind, externalId })).toBe(compared);
});
