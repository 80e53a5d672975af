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
import type { RejectedBounds } from './rejected/rejected-deliveries.ts';
import type { Retention } from './upkeep/retention.ts';

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

/** Longer than a provider sends again, and than a review should stay open. */
const retentionDaysMin = 30;
/** A century: a slip of the finger is no retention. */
const retentionDaysMax = 36_500;
const megabytesMax = 1_000_000;

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
  ARCHIVE_RETENTION_DAYS: variable(integerText({ min: retentionDaysMin, max: retentionDaysMax }), {
    default: null,
    defaultMeans: 'for ever',
    meaning:
      'Days after which a translated webhook loses its bytes and headers; what identifies it stays',
  }),
  QUARANTINE_RETENTION_DAYS: variable(
    integerText({ min: retentionDaysMin, max: retentionDaysMax }),
    {
      default: null,
      defaultMeans: 'for ever',
      meaning:
        'Days after which a webhook that was never understood is removed, and named in the log',
    },
  ),
  QUARANTINE_MB_MAX: variable(integerText({ min: 1, max: megabytesMax }), {
    default: '256',
    meaning: 'Megabytes in quarantine above which an alert fires; nothing is refused or removed',
  }),
  REFUSED_RETENTION_DAYS: variable(integerText({ min: 1, max: retentionDaysMax }), {
    default: '30',
    meaning: 'Days that a webhook with a wrong credential is kept, to be verified again',
  }),
  REFUSED_MB_MAX: variable(integerText({ min: 1, max: megabytesMax }), {
    default: '64',
    meaning:
      'Megabytes of webhooks with a wrong credential that are kept; more push out the oldest',
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
  retention: Retention;
  /** Above it an alert fires. */
  quarantineBytesMax: number;
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
    retention: {
      archiveMs: daysToMs(config.ARCHIVE_RETENTION_DAYS),
      quarantineMs: daysToMs(config.QUARANTINE_RETENTION_DAYS),
    },
    quarantineBytesMax: config.QUARANTINE_MB_MAX * bytesPerMegabyte,
  };
}

export const rejectedBounds = (config: GatewayConfig): RejectedBounds => ({
  retentionMs: config.REFUSED_RETENTION_DAYS * dayMs,
  bytesMax: config.REFUSED_MB_MAX * bytesPerMegabyte,
});

const dayMs = 24 * 60 * 60 * 1000;
const bytesPerMegabyte = 1024 * 1024;

const daysToMs = (days: number | null): number | null => (days === null ? null : days * dayMs);
