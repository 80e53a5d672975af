import { ok, type Reference, type Result, type Subject } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { id, objectOf, optional, text } from '../wire/field.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import {
  accountOf,
  type CalypsoEvent,
  type EventReader,
  fiatAmount,
  reference,
} from './payload.ts';

// Orders that sell crypto for fiat (c2f). The crypto amount is not in the body: the ledger takes
// it from our order. `state` and `rate` are kept as text and decide nothing.

const withdrawalSchema = objectOf({
  orderId: id,
  idempotencyKey: optional(id),
  parentExternalId: optional(id),
  externalId: optional(id),
  state: optional(id),
  rate: optional(id),
  currency: optional(id),
  fiatAmount,
  fiatCurrency: optional(id),
  reason: optional(text),
});

type ReadWithdrawal = Readonly<{
  withdrawalId: string;
  reason: string | null;
  about: Readonly<{
    subject: Subject;
    owners: readonly Reference[];
    references: Readonly<Record<string, string | null>>;
  }>;
}>;

function readWithdrawal(event: CalypsoEvent): Result<ReadWithdrawal, Quarantine> {
  const data = readBySchema(withdrawalSchema, event.data, 'data');
  if (!data.ok) return data;
  const { reason, ...references } = data.value;
  const { orderId, idempotencyKey } = references;
  const byKey = idempotencyKey === null ? [] : [reference('withdrawal', idempotencyKey)];
  return ok({
    withdrawalId: orderId,
    reason,
    about: {
      subject: { kind: 'withdrawal', id: orderId },
      owners: [reference('withdrawal', orderId), ...byKey, accountOf(event)],
      references,
    },
  });
}

const completed: EventReader = (event) => {
  const read = readWithdrawal(event);
  if (!read.ok) return read;
  const { withdrawalId, about } = read.value;
  return ok([
    {
      type: 'WithdrawalCompleted',
      data: { withdrawalId, amount: null, fees: [], destination: null, chainHash: null },
      effectKey: joinedKey(['withdrawal', withdrawalId, 'completed']),
      ...about,
    },
  ]);
};

const failed: EventReader = (event) => {
  const read = readWithdrawal(event);
  if (!read.ok) return read;
  const { withdrawalId, reason, about } = read.value;
  return ok([
    {
      type: 'WithdrawalFailed',
      data: { withdrawalId, outcome: 'failed', reason, chainHash: null },
      effectKey: joinedKey(['withdrawal', withdrawalId, 'returned']),
      ...about,
    },
  ]);
};

export const fiatWithdrawalEvents = {
  FIAT_APPLIER_WITHDRAWAL_SUCCESS: completed,
  FIAT_APPLIER_WITHDRAWAL_FAILED: failed,
} as const satisfies Record<string, EventReader>;
