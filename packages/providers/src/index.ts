export type {
  Answer,
  AuthorizationDecision,
  AuthorizationResponder,
  Identification,
  InboundWebhook,
  ProviderAdapter,
  Quarantine,
  QuarantineCode,
  Signer,
  VerificationCode,
  VerifiedWebhook,
  WebhookTranslator,
} from './provider-adapter.ts';
export { calypsoAdapter } from './calypso/adapter.ts';
export type { CalypsoAdapterOptions } from './calypso/adapter.ts';
export type { CalypsoCredential } from './calypso/credentials.ts';
export type { CalypsoSettings } from './calypso/settings.ts';
