import {
  err,
  type Flag,
  ok,
  type PayoutStage,
  type Reference,
  type Result,
  type Subject,
} from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { chainId, id, keyword, objectOf, optional, text } from '../wire/field.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import { readCryptoAsset } from './assets.ts';
import {
  accountOf,
  type CalypsoEvent,
  type Emitted,
  type EventReader,
  missing,
  reference,
} from './payload.ts';

// No payout event carries an amount or a fee: the ledger takes both from our order.

const payoutFields = {
  idempotencyKey: optional(id),
  parentExternalId: optional(id),
  externalId: optional(id),
  currency: optional(id),
  hash: optional(chainId),
  dealWithdrawalId: optional(id),
  validationStatus: optional(text),
};
const payoutSchema = objectOf(payoutFields);
const statusSchema = objectOf({ ...payoutFields, payoutStatus: keyword });

export type Payout = Readonly<{
  payoutId: string;
  chainHash: string | null;
  validationStatus: string | null;
  about: Readonly<{
    subject: Subject;
    owners: readonly Reference[];
    references: Readonly<Record<string, string | null>>;
  }>;
}>;

function readPayout(event: CalypsoEvent): Result<Payout, Quarantine> {
  const data = readBySchema(payoutSchema, event.data, 'data');
  if (!data.ok) return data;
  const { idempotencyKey, parentExternalId, externalId, currency } = data.value;
  const { hash: chainHash, dealWithdrawalId, validationStatus } = data.value;
  const payoutId = idempotencyKey ?? parentExternalId ?? externalId;
  if (payoutId === null) return missing('data.idempotencyKey');
  const asset = currency === null ? ok(null) : readCryptoAsset(currency, 'data.currency');
  if (!asset.ok) return asset;
  const ids = { idempotencyKey, parentExternalId, externalId, dealWithdrawalId };
  return ok({
    payoutId,
    chainHash,
    validationStatus,
    about: {
      subject: { kind: 'payout', id: payoutId },
      owners: [reference('payout', payoutId), accountOf(event)],
      references: { ...ids, chainHash, asset: asset.value },
    },
  });
}

const requested = ({ payoutId, about }: Payout): Emitted => ({
  type: 'PayoutRequested',
  data: { payoutId, amount: null },
  effectKey: joinedKey(['payout', payoutId, 'requested']),
  ...about,
});

const progressed = (
  { payoutId, chainHash, about }: Payout,
  stage: PayoutStage,
  reason: string | null = null,
  flags: readonly Flag[] = [],
): Emitted => ({
  type: 'PayoutProgressed',
  data: { payoutId, stage, reason, chainHash },
  effectKey: null,
  flags,
  ...about,
});

const completed = ({ payoutId, chainHash, about }: Payout): Emitted => ({
  type: 'PayoutCompleted',
  data: { payoutId, withdrawalId: null, amount: null, fees: [], chainHash },
  effectKey: joinedKey(['payout', payoutId, 'completed']),
  ...about,
});

const returned = (
  { payoutId, chainHash, about }: Payout,
  outcome: 'failed' | 'canceled',
): Emitted => ({
  type: 'PayoutReturned',
  data: { payoutId, withdrawalId: null, amount: null, outcome, chainHash },
  effectKey: joinedKey(['payout', payoutId, 'returned']),
  ...about,
});

type StatusReader = (payout: Payout, event: CalypsoEvent) => readonly Emitted[];

/** Where the money is reserved at the start of sending, creation is only a step. */
const begun: StatusReader = (payout, { settings }) =>
  settings.payoutReserveAt === 'order' ? [requested(payout)] : [progressed(payout, 'creating')];

const sending: StatusReader = (payout, { settings }) => {
  const submitted = progressed(payout, 'submitted');
  return settings.payoutReserveAt === 'order' ? [submitted] : [requested(payout), submitted];
};

/** What each status means; `DRAFT` is the state of a withdrawal and no webhook is documented for it. */
const statusReaders: ReadonlyMap<string, StatusReader> = new Map<string, StatusReader>([
  ['creation_in_progress', begun],
  ['created', begun],
  ['pending_confirmation', (payout) => [progressed(payout, 'awaiting-approval')]],
  ['confirmed', (payout) => [progressed(payout, 'approved')]],
  ['in_progress', sending],
  ['completed', (payout) => [completed(payout)]],
  ['partial', (payout) => [progressed(payout, 'partial')]],
  ['failed', (payout) => [returned(payout, 'failed')]],
  ['canceled', (payout) => [returned(payout, 'canceled')]],
]);

/** Every payout status that is understood, in lower case. */
export const calypsoPayoutStatuses: readonly string[] = [...statusReaders.keys()];

const statusChanged: EventReader = (event) => {
  const data = readBySchema(statusSchema, event.data, 'data');
  if (!data.ok) return data;
  const payout = readPayout(event);
  if (!payout.ok) return payout;
  const { payoutStatus } = data.value;
  const reader = statusReaders.get(payoutStatus);
  if (reader) return ok(reader(payout.value, event));
  return err({
    code: 'status-unknown',
    path: 'data.payoutStatus',
    message: `"${payoutStatus}" is not a status that payout webhooks are documented to have.`,
  });
};

const stage =
  (name: PayoutStage, isAssumed = false): EventReader =>
  (event) => {
    const payout = readPayout(event);
    if (!payout.ok) return payout;
    const reason = name === 'attempt-failed' ? payout.value.validationStatus : null;
    const flags: readonly Flag[] = isAssumed ? ['assumed-mapping'] : [];
    return ok([progressed(payout.value, name, reason, flags)]);
  };

export const payoutEvents = {
  PAYOUT_CHANGE_STATUS: statusChanged,
  PAYOUT_CONFIRMED: stage('approved'),
  PAYOUT_VALIDATION_ERROR: stage('attempt-failed'),
  PAYOUT_HASH_RECEIVED: stage('broadcast', true),
} as const satisfies Record<string, EventReader>;
