import {
  eventBusConfig,
  internalKeyConfig,
  processConfig,
  serviceUrls,
} from '@counterfoil/adapters';
import type { ProviderName } from '@counterfoil/domain';
import { type ConfigOf, defineConfig, integerText, listText, variable } from '@counterfoil/runtime';
import { providerConfig } from './provider-config.ts';
import type { PathTokens } from './reception/webhook-urls.ts';

const pathTokens = listText.refine(
  (tokens) => tokens.every((token) => /^[A-Za-z0-9_-]{16,200}$/.test(token)),
  { message: 'must be 16 to 200 letters, digits, - or _ (several with commas between them)' },
);

const pathTokenOf = (provider: string) =>
  variable(pathTokens, {
    default: '',
    meaning: `An unguessable last path part: the only URL of ${provider} that is accepted; two during a change`,
    isSecret: true,
  });

/** The gateway's own variables. Credentials and settings of a provider belong to its adapter. */
export const gatewayConfig = defineConfig({
  AUTHORIZATION_DEADLINE_MS: variable(integerText({ min: 50, max: 1_000 }), {
    default: '800',
    meaning: 'Our own deadline for an authorization, in milliseconds; a later answer is a decline',
  }),
  CRYPTOMATE_PATH_TOKEN: pathTokenOf('CryptoMate'),
  CRYPTOFUSE_PATH_TOKEN: pathTokenOf('CryptoFuse'),
  FOURPAY_PATH_TOKEN: pathTokenOf('4pay'),
  CALYPSO_PATH_TOKEN: pathTokenOf('Calypso Pay'),
  STANDARD_PATH_TOKEN: pathTokenOf('the standard source'),
  WEBHOOKS_IN_FLIGHT_MAX: variable(integerText({ min: 1, max: 100_000 }), {
    default: '2000',
    meaning: 'Webhooks being received at once; more are answered 503 and come again',
  }),
});

/** Every variable of the gateway's process. */
export const ingestGatewayConfig = defineConfig({
  ...processConfig({ port: 4001, databaseConnectionsMax: 12 }),
  ...eventBusConfig,
  ...internalKeyConfig,
  AUTHORIZER_URL: serviceUrls('Where authorizations are decided; several instances with commas'),
  ...gatewayConfig,
  ...providerConfig,
});

export type GatewayConfig = ConfigOf<typeof gatewayConfig>;

export type GatewaySettings = Readonly<{
  /** Our own deadline for an authorization, from the first byte of the request. */
  authorizationDeadlineMs: number;
  pathTokens: PathTokens;
  /** More webhooks at once are refused, so that a flood cannot exhaust the memory. */
  inFlightMax: number;
  inFlightBytesMax: number;
}>;

/** The bodies that may be held in memory at once: a flood of large ones stays far below a heap. */
const inFlightBytesMax = 64 * 1024 * 1024;

export function gatewaySettings(config: GatewayConfig): GatewaySettings {
  const tokens: readonly (readonly [ProviderName, readonly string[]])[] = [
    ['cryptomate', config.CRYPTOMATE_PATH_TOKEN],
    ['cryptofuse', config.CRYPTOFUSE_PATH_TOKEN],
    ['4pay', config.FOURPAY_PATH_TOKEN],
    ['calypso', config.CALYPSO_PATH_TOKEN],
    ['standard', config.STANDARD_PATH_TOKEN],
  ];
  return {
    authorizationDeadlineMs: config.AUTHORIZATION_DEADLINE_MS,
    pathTokens: new Map(tokens.filter(([, accepted]) => accepted.length > 0)),
    inFlightMax: config.WEBHOOKS_IN_FLIGHT_MAX,
    inFlightBytesMax,
  };
}
