export {
  accountIdPattern,
  accountId,
  commandId,
  correlationId,
  eventId,
  instant,
  providerNames,
  transactionId,
} from './ids.ts';
export type {
  AccountId,
  Brand,
  CommandId,
  CorrelationId,
  EventId,
  Instant,
  NonEmpty,
  ProviderName,
  TransactionId,
} from './ids.ts';
export { err, invariant, ok } from './result.ts';
export type { Rejection, Result } from './result.ts';
export type { Json, JsonObject } from './json.ts';
export { checkpoint, streamVersion } from './message.ts';
export type {
  Checkpoint,
  Command,
  CommandContext,
  Event,
  Recorded,
  StreamVersion,
} from './message.ts';
export type { Decider } from './decider.ts';
export { assetOf, assets, definitionOf } from './asset.ts';
export type { Asset, AssetDefinition } from './asset.ts';
export { formatUnits, money, moneyText, parseAmount, parseMoney } from './money.ts';
export type { AmountRejection, Money, MoneyText } from './money.ts';
export { firstInstant, instantText, parseInstant, recordedInstant } from './time.ts';
export { areReferences, fromWire, isInstantKey, isMoney, toWire } from './wire.ts';
export { addressOf, platformAddress, providerAddress, suspenseAddress } from './ledger/address.ts';
export type { Address, Bucket } from './ledger/address.ts';
export type { Booking, Line, Place } from './ledger/booking.ts';
export type { LedgerTransaction, Posting } from './ledger/posting.ts';
export {
  externalIdLengthMax,
  namesId,
  referenceKey,
  referenceKinds,
  referenceOf,
  unnamedAccount,
} from './reference/reference.ts';
export type { Reference, ReferenceKind } from './reference/reference.ts';
export type { ReferenceCommand, ReferenceEvent, ReferenceRejection } from './reference/messages.ts';
export { effectKeysOf } from './canonical/effect-keys.ts';
export type {
  Canonical,
  CanonicalSource,
  Fee,
  FeeKind,
  Flag,
  Merchant,
  Subject,
} from './canonical/envelope.ts';
export type {
  AuthorizationRequested,
  CanonicalEvent,
  CanonicalOf,
  CanonicalType,
  CardStatus,
  DepositStage,
  InvoiceReviewReason,
  PayoutStage,
  WithdrawalStage,
} from './canonical/events.ts';
export type {
  AccountCommand,
  AccountEvent,
  AccountKind,
  AccountRejection,
  DeclineReason,
  Effect,
  FactEventType,
  FactRecorded,
  HoldChange,
  Order,
  OrderKind,
  Owner,
  Review,
  ReviewReason,
  Ruling,
} from './account/messages.ts';
export type {
  InvoiceCommand,
  InvoiceEvent,
  InvoiceEventType,
  InvoiceRejection,
  InvoiceStatus,
} from './invoice/messages.ts';
export type { NoticeCommand, NoticeEvent, NoticeRejection } from './notice/messages.ts';
export type {
  EffectClaimCommand,
  EffectClaimEvent,
  EffectClaimRejection,
} from './effect-claim/messages.ts';
export { type ClaimedOwners, effectClaimDecider } from './effect-claim/effect-claim-decider.ts';
export { accountDecider } from './account/account-decider.ts';
export { type AuthorizationAnswer, answerTo } from './account/decide-authorization.ts';
export { confirmedHoldMs, holdIdOf, unconfirmedHoldMs } from './account/purchase.ts';
export { isOrderEvent, orderNamesOf } from './account/order-fact.ts';
export { postsByItself } from './account/direct-booking.ts';
export { postedEffectsOf, sentAs } from './account/variant.ts';
export { type Account, balanceOf, spendable } from './account/state.ts';
export type { LifecycleFact, MovedContent, TransferSide } from './account/messages.ts';
export { routeOf, type Route } from './canonical/route.ts';
export { invoiceDecider } from './invoice/invoice-decider.ts';
export type { Invoice } from './invoice/state.ts';
export { noticeDecider } from './notice/notice-decider.ts';
export { ownedBy, openingReference } from './reference/owner.ts';
export { idsTold } from './reference/told-ids.ts';
export {
  isMoreTelling,
  referenceDecider,
  type ReferenceState,
} from './reference/reference-decider.ts';
export { cardLifecycleId } from './account/card.ts';
export { purchaseKeyOf } from './account/purchase.ts';
export { type PersistentMap, persistentMap } from './persistent-map.ts';
