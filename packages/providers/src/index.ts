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
