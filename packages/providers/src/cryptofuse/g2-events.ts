import { ok, type Result } from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { keyword, time } from '../wire/field.ts';
import { readBySchema } from '../wire/schema.ts';
import { depositReceived } from './deposit-received.ts';
import { dataOf, isWithdrawal } from './dialect.ts';
import { type Emitted, type Reader, type Reading, readingOf } from './emitted.ts';
import { g1Events, isDocumentedName, paymentStatuses, withdrawalStatuses } from './event-names.ts';
import { readG2Payment } from './payment.ts';
import { paymentEvents } from './payment-events.ts';
import { statusAmong, statusRepeated, unknownEvent } from './refusal.ts';
import { readWithdrawal } from './withdrawal.ts';
import { withdrawalEvents } from './withdrawal-events.ts';

const g2Schema = z.object({ event: keyword, timestamp: time });

export const g2: Reader = (body, delivery) => {
  const envelope = readBySchema(g2Schema, body);
  if (!envelope.ok) return envelope;
  const { event, timestamp: occurredAt } = envelope.value;
  const reading = readingOf(occurredAt, delivery);
  const emitted = g2Emitted(event, body, reading);
  return emitted.ok ? ok({ emitted: emitted.value, occurredAt }) : emitted;
};

function g2Emitted(
  event: string,
  body: ExactObject,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const { data } = body;
  if (event === 'deposit_received') return depositReceived(data, reading);
  if (event === 'payment_status_update') {
    const payment = readG2Payment(data, reading.amountMax);
    if (!payment.ok) return payment;
    const status = statusAmong(paymentStatuses, payment.value.status);
    if (!status.ok) return status;
    const repeated = statusRepeated(body, status.value);
    return repeated.ok ? paymentEvents(payment.value, status.value, reading) : repeated;
  }
  return withdrawalByShape(event, body, reading);
}

/** The event's name is not documented in G2 and G3; a name that G1 documents keeps its meaning. */
function withdrawalByShape(
  event: string,
  body: ExactObject,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const named = g1Events.get(event);
  const accepted = named?.family === 'withdrawal' ? named.accepts : withdrawalStatuses;
  const isOther = isDocumentedName(event) && named?.family !== 'withdrawal';
  if (isOther || !isWithdrawal(dataOf(body))) return unknownEvent(event);
  const withdrawal = readWithdrawal(body['data'], reading);
  if (!withdrawal.ok) return withdrawal;
  const status = statusAmong(accepted, withdrawal.value.status);
  if (!status.ok) return status;
  const repeated = statusRepeated(body, status.value);
  return repeated.ok ? withdrawalEvents(withdrawal.value, status.value, reading) : repeated;
}
