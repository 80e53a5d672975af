import type { ProviderApis } from '@counterfoil/providers';
import { type ConfigOf, defineConfig, urlText, variable } from '@counterfoil/runtime';
import type { providerConfig } from '@counterfoil/ingest-gateway';
import { z } from 'zod';

const apiUrl = (provider: string, url: string) =>
  variable(urlText(['https', 'http']), { default: url, meaning: `The API of ${provider}` });

const credential = (meaning: string) =>
  variable(z.string(), { default: null, meaning, isSecret: true });

/** What `counterfoil provider` calls the providers with. No service needs these. */
export const providerApiConfig = defineConfig({
  CRYPTOMATE_API_URL: apiUrl('CryptoMate', 'https://api.cryptomate.me'),
  CRYPTOMATE_API_KEY: credential('The key of the API of CryptoMate, of access level 3'),
  CRYPTOFUSE_API_URL: apiUrl('CryptoFuse', 'https://api.cryptofuse.io'),
  CRYPTOFUSE_API_KEY: credential('The key of the API of CryptoFuse'),
  FOURPAY_API_URL: apiUrl('4pay', 'https://api.4pay.cc/api/v2'),
  FOURPAY_API_TOKEN: credential('The token of the API of 4pay'),
  CALYPSO_API_URL: apiUrl('Calypso Pay', 'https://api.calypso.money'),
  CALYPSO_ACCOUNT: variable(
    z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be 0x and 40 hex digits'),
    {
      default: null,
      meaning: 'The account at Calypso Pay that a subscription is made for',
    },
  ),
  CALYPSO_ACCOUNT_KEY: credential('The public key of the API of Calypso Pay'),
  CALYPSO_ACCOUNT_SECRET: credential('The secret of CALYPSO_ACCOUNT_KEY'),
});

type Config = ConfigOf<typeof providerApiConfig> &
  Pick<ConfigOf<typeof providerConfig>, 'CRYPTOMATE_WEBHOOK_KEY' | 'FOURPAY_WEBHOOK_SECRET'>;

/** Of several secrets that we accept, the first is the one that a provider is told. */
export function providerApisFrom(config: Config): ProviderApis {
  const [webhookKey] = config.CRYPTOMATE_WEBHOOK_KEY;
  const [webhookSecret] = config.FOURPAY_WEBHOOK_SECRET;
  const {
    CRYPTOMATE_API_KEY: cryptomateKey,
    CRYPTOFUSE_API_KEY: cryptofuseKey,
    FOURPAY_API_TOKEN: token,
    CALYPSO_ACCOUNT: account,
    CALYPSO_ACCOUNT_KEY: key,
    CALYPSO_ACCOUNT_SECRET: secret,
  } = config;
  return {
    cryptomate:
      cryptomateKey !== null && webhookKey !== undefined
        ? { baseUrl: config.CRYPTOMATE_API_URL, apiKey: cryptomateKey, webhookKey }
        : null,
    cryptofuse:
      cryptofuseKey === null ? null : { baseUrl: config.CRYPTOFUSE_API_URL, apiKey: cryptofuseKey },
    fourpay:
      token !== null && webhookSecret !== undefined
        ? { baseUrl: config.FOURPAY_API_URL, token, webhookSecret }
        : null,
    calypso:
      account !== null && key !== null && secret !== null
        ? { baseUrl: config.CALYPSO_API_URL, account, key, secret }
        : null,
  };
}
