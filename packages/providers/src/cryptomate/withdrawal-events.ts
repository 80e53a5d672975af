import { type Money, ok, type Result, type WithdrawalStage } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import { chainText, joinedId, joinedKey } from '../wire/key.ts';
import { type Delivery, emit, readData, reference, required, type Translator } from './delivery.ts';
import {
  chainHashOf,
  chainTextOf,
  internalHash,
  movementReferences,
  walletOwners,
} from './movement.ts';
import { type Withdrawal, withdrawal } from './payload.ts';
import { readToken } from './token.ts';

export const withdrawalCompleted: Translator = (delivery) => {
  const read = readData(delivery, withdrawal);
  if (!read.ok) return read;
  const data = read.value;
  const { product, operationId } = delivery.envelope;
  if (product === 'virtual_wallets' && data.transaction_hash === internalHash)
    return transfer(data, delivery, false);
  const amount = readMoved(data, delivery);
  if (!amount.ok) return amount;
  const key = withdrawalKey(data, delivery);
  return emit(delivery, {
    ...withdrawalEvent(data, delivery),
    type: 'WithdrawalCompleted',
    data: {
      withdrawalId: idOf(key, operationId),
      amount: amount.value,
      fees: [],
      destination: chainTextOf(data.to_wallet_address),
      chainHash: chainHashOf(data),
    },
    effectKey: joinedKey(['withdrawal', ...key, 'completed']),
  });
};

const failed =
  (outcome: 'failed' | 'canceled'): Translator =>
  (delivery) => {
    const read = readData(delivery, withdrawal);
    if (!read.ok) return read;
    const data = read.value;
    const key = withdrawalKey(data, delivery);
    return emit(delivery, {
      ...withdrawalEvent(data, delivery),
      type: 'WithdrawalFailed',
      data: {
        withdrawalId: idOf(key, delivery.envelope.operationId),
        outcome,
        reason: reasonOf(data, delivery),
        chainHash: chainHashOf(data),
      },
      effectKey: joinedKey(['withdrawal', ...key, 'returned']),
    });
  };

export const withdrawalFailed = failed('failed');
export const withdrawalCanceled = failed('canceled');

const progressed =
  (stage: WithdrawalStage): Translator =>
  (delivery) => {
    const read = readData(delivery, withdrawal);
    if (!read.ok) return read;
    const data = read.value;
    const withdrawalId = idOf(withdrawalKey(data, delivery), delivery.envelope.operationId);
    return emit(delivery, {
      ...withdrawalEvent(data, delivery),
      type: 'WithdrawalProgressed',
      data: { withdrawalId, stage, chainHash: chainHashOf(data) },
      effectKey: null,
    });
  };

export const withdrawalProcessing = progressed('processing');
export const withdrawalUnderCheck = progressed('manual-check');

/** From the treasury: whether the destination is ours, only the ledger knows. */
export const transferCompleted: Translator = (delivery) => {
  const read = readData(delivery, withdrawal);
  return read.ok ? transfer(read.value, delivery, true) : read;
};

export const transferFailed: Translator = (delivery) => {
  const read = readData(delivery, withdrawal);
  if (!read.ok) return read;
  const { operationId: transferId } = delivery.envelope;
  const chainHash = chainHashOf(read.value);
  const reason = reasonOf(read.value, delivery);
  return emit(delivery, {
    ...transferEvent(read.value, delivery),
    type: 'TransferFailed',
    data: { transferId, reason, ...(chainHash !== null && { chainHash }) },
    effectKey: joinedKey(['transfer', transferId, 'failed']),
  });
};

/** A transfer that waits for a person at CryptoMate. */
export const transferNoticeReceived: Translator = (delivery) => {
  const read = readData(delivery, withdrawal);
  if (!read.ok) return read;
  return emit(delivery, {
    ...transferEvent(read.value, delivery),
    type: 'ProviderNoticeReceived',
    data: { kind: `transfer-${delivery.envelope.status}`.replaceAll('_', '-') },
    effectKey: null,
  });
};

function transfer(data: Withdrawal, delivery: Delivery, isOutsidePossible: boolean) {
  const { operationId: transferId } = delivery.envelope;
  const to = required(data.to_wallet_address, 'data.to_wallet_address');
  if (!to.ok) return to;
  const amount = readMoved(data, delivery);
  if (!amount.ok) return amount;
  return emit(delivery, {
    ...transferEvent(data, delivery),
    type: 'TransferCompleted',
    data: {
      transferId,
      from: reference('wallet', data.wallet_id),
      to: reference('address', chainText(to.value)),
      amount: amount.value,
      fees: [],
      isOutsidePossible,
    },
    effectKey: joinedKey(['transfer', transferId, 'completed']),
  });
}

function readMoved(data: Withdrawal, delivery: Delivery): Result<Money, Quarantine> {
  const flat = data.token_address;
  const path = flat === null ? 'data.token.address' : 'data.token_address';
  const address = flat ?? data.token?.address ?? null;
  const asset = readToken({ blockchain: data.blockchain, address }, path, delivery);
  if (!asset.ok) return asset;
  const text = required(data.amount, 'data.amount');
  if (!text.ok) return text;
  const amount = readAmount(text.value, asset.value, 'data.amount', delivery.options.amountMax);
  return amount.ok ? ok(amount.value) : amount;
}

/** Of `warranty_withdraw` the operation is a hash on chain, which may hold several transfers. */
function withdrawalKey(data: Withdrawal, delivery: Delivery): readonly (string | null)[] {
  const { operationId, eventType } = delivery.envelope;
  return eventType === 'warranty_withdraw'
    ? [operationId, data.wallet_id, chainTextOf(data.to_wallet_address)]
    : [operationId];
}

/** An id alone stays as it is, so that our order under that id is found. */
const idOf = (key: readonly (string | null)[], operationId: string): string =>
  key.length === 1 ? operationId : joinedId(key);

/** Where the reason of a failure sits is not documented (row 15). */
const reasonOf = (data: Withdrawal, delivery: Delivery): string | null =>
  data.reason ?? delivery.envelope.reason;

const references = (data: Withdrawal) => {
  const token = data.token_address === null ? data.token : { address: data.token_address };
  return {
    ...movementReferences({ ...data, token }),
    toAddress: chainTextOf(data.to_wallet_address),
  };
};

const withdrawalEvent = (data: Withdrawal, delivery: Delivery) => {
  const id = idOf(withdrawalKey(data, delivery), delivery.envelope.operationId);
  return {
    occurredAt: data.created_at,
    subject: { kind: 'withdrawal', id } as const,
    owners: [reference('withdrawal', id), ...walletOwners(data.wallet_id, delivery)],
    references: references(data),
  };
};

const transferEvent = (data: Withdrawal, delivery: Delivery) => {
  const { operationId } = delivery.envelope;
  return {
    occurredAt: data.created_at,
    subject: { kind: 'transfer', id: operationId } as const,
    // A platform that ordered it gave us the order under its id.
    owners: [reference('withdrawal', operationId), ...walletOwners(data.wallet_id, delivery)],
    references: references(data),
  };
};
