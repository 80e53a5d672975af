import { ok, type Result } from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { keyword, time } from '../wire/field.ts';
import { readBySchema } from '../wire/schema.ts';
import { type Emitted, type Reader, type Reading, readingOf } from './emitted.ts';
import { g1Events } from './event-names.ts';
import { readG1Payment } from './payment.ts';
import { paymentEvents } from './payment-events.ts';
import { statusAmong, unknownEvent } from './refusal.ts';
import { securityNotice, walletBalanceChanged, walletCreated } from './wallet-events.ts';
import { readWithdrawal } from './withdrawal.ts';
import { withdrawalEvents } from './withdrawal-events.ts';

const g1Schema = z.object({ event: keyword, created_at: time });

export const g1: Reader = (body, delivery) => {
  const envelope = readBySchema(g1Schema, body);
  if (!envelope.ok) return envelope;
  const { event, created_at: occurredAt } = envelope.value;
  const reading = readingOf(occurredAt, delivery);
  const emitted = g1Emitted(event, body, reading);
  return emitted.ok ? ok({ emitted: emitted.value, occurredAt }) : emitted;
};

function g1Emitted(
  event: string,
  body: ExactObject,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const known = g1Events.get(event);
  if (known === undefined) return unknownEvent(event);
  const { data } = body;
  switch (known.family) {
    case 'payment': {
      const payment = readG1Payment(data, reading.amountMax);
      if (!payment.ok) return payment;
      const status = statusAmong(known.accepts, payment.value.status ?? known.means);
      return status.ok ? paymentEvents(payment.value, known.means, reading) : status;
    }
    case 'withdrawal': {
      const withdrawal = readWithdrawal(data, reading);
      if (!withdrawal.ok) return withdrawal;
      const status = statusAmong(known.accepts, withdrawal.value.status ?? known.means);
      return status.ok ? withdrawalEvents(withdrawal.value, status.value, reading) : status;
    }
    case 'wallet':
      return known.means === 'created'
        ? walletCreated(data, reading)
        : walletBalanceChanged(data, reading);
    case 'security':
      return ok(securityNotice(reading));
  }
}
