import type { ProviderName } from '@counterfoil/domain';
import { fourpayAdapter } from '../4pay/adapter.ts';
import { calypsoAdapter } from '../calypso/adapter.ts';
import { cryptofuseAdapter } from '../cryptofuse/adapter.ts';
import { cryptomateAdapter } from '../cryptomate/adapter.ts';
import type { CryptomateSettings } from '../cryptomate/settings.ts';
import { parseTokens } from '../cryptomate/token.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import { standardAdapter } from '../standard/adapter.ts';
import { sampleVariable } from './samples.ts';

/** The default of AMOUNT_MAX, in whole units of any asset. */
export const sampleAmountMax: AmountMax = 1_000_000_000n;

/** Above every amount that a test states. */
export const unboundedAmountMax: AmountMax = 10n ** 18n;

/** Adapters as the samples assume them: their credentials, and the default of every setting. */
export const sampleAdapters = (amountMax: AmountMax = sampleAmountMax) =>
  ({
    cryptomate: sampleCryptomateAdapter({}, amountMax),
    cryptofuse: cryptofuseAdapter({
      secrets: [sampleVariable('CRYPTOFUSE_WEBHOOK_SECRET')],
      settings: { signature: 'sha256-hex', secretPrefix: 'keep', withdrawalFee: 'on-top' },
      amountMax,
    }),
    '4pay': fourpayAdapter({
      secrets: [sampleVariable('FOURPAY_WEBHOOK_SECRET')],
      settings: { signature: 'a', transactionFee: 'on-top' },
      amountMax,
    }),
    calypso: calypsoAdapter({
      credentials: [
        { key: sampleVariable('CALYPSO_API_KEY'), secret: sampleVariable('CALYPSO_SECRET') },
      ],
      settings: { translationAmountIs: 'gross', payoutReserveAt: 'order' },
      amountMax,
    }),
    standard: standardAdapter({
      secrets: [sampleVariable('STANDARD_WEBHOOK_SECRET')],
      amountMax,
    }),
  }) satisfies Readonly<Record<ProviderName, ProviderAdapter>>;

/** CryptoMate with other settings than the default ones. */
export function sampleCryptomateAdapter(
  settings: Partial<CryptomateSettings>,
  amountMax: AmountMax = sampleAmountMax,
): ProviderAdapter {
  const tokens = parseTokens(sampleVariable('CRYPTOMATE_TOKENS'));
  if (!tokens.ok) throw new Error(tokens.error.message);
  return cryptomateAdapter({
    keys: [sampleVariable('CRYPTOMATE_WEBHOOK_KEY')],
    tokens: tokens.value,
    settings: {
      clearingAmountMeans: 'piece',
      billAmountIncludesFees: false,
      defiCards: 'decline',
      ...settings,
    },
    amountMax,
  });
}
