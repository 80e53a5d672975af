import type {
  AuthorizationRequested,
  CanonicalEvent,
  DeclineReason,
  Instant,
  ProviderName,
  Brand,
  Rejection,
  Result,
} from '@counterfoil/domain';

/** A request as it arrived: `headers` with lower-case names, `body` the exact bytes. */
export type InboundWebhook = Readonly<{
  headers: ReadonlyMap<string, string>;
  body: Uint8Array;
  receivedAt: Instant;
  /** Our archive's id for this delivery; it becomes `source.deliveryId`. */
  deliveryId: string;
}>;

/** Says of an archived delivery that we read it from the provider's API; no sender can set it. */
export const channelHeader = 'x-counterfoil-channel';

/**
 * Only `verify` makes one: nothing unverified can be translated. `credential` says which of the
 * configured ones it carried, from 1; it is not kept with the bytes.
 */
export type VerifiedWebhook = Brand<
  InboundWebhook & Readonly<{ credential?: number }>,
  'VerifiedWebhook'
>;

/** `credential`: a signature, or for some providers only a shared secret in a header. */
export type VerificationCode = 'credential-missing' | 'credential-wrong';

/** Why an authentic body is quarantined: `path` in the payload, and what was expected there. */
export type Quarantine = Readonly<{
  code: QuarantineCode;
  path: string;
  message: string;
}>;

export type QuarantineCode =
  | 'payload-malformed'
  | 'duplicate-key'
  | 'nesting-too-deep'
  | 'null-byte'
  | 'field-missing'
  | 'field-malformed'
  | 'type-unknown'
  | 'status-unknown'
  | 'dialect-unknown'
  | 'dialect-retired'
  | 'asset-unknown'
  | 'token-unlisted'
  | 'amount-malformed'
  | 'amount-negative'
  | 'amount-too-precise'
  | 'amount-too-large'
  | 'currency-mismatch'
  | 'billing-currency-unsupported';

/** What the archive knows a delivery by, for every authentic body, readable or not. */
export type Identification = Readonly<{
  dialect: string;
  /** The provider's fields that name the fact; null when the body cannot be read that far. */
  eventKey: string | null;
  /** SHA-256 of the canonical body, or of the bytes when the body cannot be parsed. */
  bodySha256: string;
  /** True when the provider waits for our decision on this body. */
  asksForDecision: boolean;
}>;

/** Pure: secrets came in with the adapter, the time came in with the webhook. */
export interface WebhookTranslator {
  /** Constant time over the raw bytes, before any parsing; two credentials may be valid at once. */
  readonly verify: (
    webhook: InboundWebhook,
  ) => Result<VerifiedWebhook, Rejection<VerificationCode>>;
  /** Total: every authentic body has a place in the archive. */
  readonly identify: (webhook: VerifiedWebhook) => Identification;
  /** The same bytes give the same events and ids. What we do not know is refused, not guessed. */
  readonly translate: (webhook: VerifiedWebhook) => Result<readonly CanonicalEvent[], Quarantine>;
  /** The provider's own answer to a delivery that is stored. */
  readonly acknowledgement: Answer;
}

export type Answer = Readonly<{ status: number; contentType: string; body: string }>;

export type AuthorizationDecision =
  | Readonly<{ kind: 'approved' }>
  | Readonly<{ kind: 'declined'; reason: DeclineReason | 'malformed' }>;

/** The synchronous path: a provider that waits for our answer. */
export interface AuthorizationResponder {
  /** After this the provider answers for us, so an approval sent later is a lie. */
  readonly deadlineMs: number;
  /** A quarantined request is answered as declined. */
  readonly parse: (webhook: VerifiedWebhook) => Result<AuthorizationRequested, Quarantine>;
  readonly respond: (decision: AuthorizationDecision) => Answer;
}

/**
 * Adds the credential headers of the provider to a body: for tests, the demo and the simulator.
 * `sent` are the headers of a delivery as it came before, which some providers sign with the body.
 */
export type Signer = (
  body: Uint8Array,
  sentAt: Instant,
  sent?: ReadonlyMap<string, string>,
) => Readonly<Record<string, string>>;

/** What a delivery tells of a movement that another one tells too, with no id in common. */
export type Counterpart = Readonly<{
  /** Equal on both sides, of the provider's own values; short enough for an index. */
  movement: string;
  /** Nearly equal on both sides. */
  at: Instant;
}>;

/**
 * Of a body that posts the whole of such a movement, and of a refused one that may be its other
 * side, so that a person sees that nothing is missing; null for every other body. Pure, and given
 * what `translate` said of the body. A mark only: nothing is posted or taken out of quarantine by it.
 */
export type CounterpartReader = (
  webhook: VerifiedWebhook,
  translated: Result<readonly CanonicalEvent[], Readonly<{ code: string }>>,
) => Counterpart | null;

/** A capability is there or not; no adapter has a method that it does not support. */
export interface ProviderAdapter {
  readonly provider: ProviderName;
  readonly webhooks: WebhookTranslator;
  readonly sign: Signer;
  readonly authorizations?: AuthorizationResponder;
  readonly counterpart?: CounterpartReader;
}
