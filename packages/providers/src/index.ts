export type {
  Answer,
  AuthorizationDecision,
  AuthorizationResponder,
  Counterpart,
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
export { channelHeader } from './provider-adapter.ts';
export { ProviderCallFailed } from './provider-call-failed.ts';
export type { CallFailure } from './provider-call-failed.ts';
export { webhookManagements } from './webhook-managements.ts';
export type { ProviderApis } from './webhook-managements.ts';
export type {
  MissedDelivery,
  RegisteredWebhook,
  Registration,
  WebhookManagement,
  WebhookRequest,
} from './webhook-management.ts';
export { comparedId } from './compared-id.ts';
export { calypsoAdapter } from './calypso/adapter.ts';
export type { CalypsoAdapterOptions } from './calypso/adapter.ts';
export type { CalypsoCredential } from './calypso/credentials.ts';
export type { CalypsoSettings } from './calypso/settings.ts';
export { providerAdapters } from './provider-adapters.ts';
export type { ProvidersConfig } from './provider-adapters.ts';
export type { AmountMax } from './wire/amount.ts';
export { faultsOf } from './wire/canonical-faults.ts';
export { cryptomateAdapter } from './cryptomate/adapter.ts';
export { answerWithinMsDefault } from './cryptomate/settings.ts';
export type { CryptomateOptions, CryptomateSettings } from './cryptomate/settings.ts';
export { parseTokens, wellKnownTokens } from './cryptomate/token.ts';
export { cryptofuseAdapter } from './cryptofuse/adapter.ts';
export type { CryptofuseOptions, CryptofuseSettings } from './cryptofuse/settings.ts';
export { fourpayAdapter } from './4pay/adapter.ts';
export type { FourpayOptions, FourpaySettings } from './4pay/settings.ts';
export { standardAdapter } from './standard/adapter.ts';
export { standardKey } from './standard/secret.ts';
export type { StandardOptions } from './standard/settings.ts';
