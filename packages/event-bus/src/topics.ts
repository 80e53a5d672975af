import {
  type CanonicalEvent,
  checkpoint,
  correlationId,
  eventId,
  fromWire,
  instantText,
  type JsonObject,
  recordedInstant,
  type Recorded,
  referenceKey,
  streamVersion,
  toWire,
} from '@counterfoil/domain';
import { type CloudEvent, decodeCloudEvent, encodeCloudEvent } from './cloud-event.ts';
import type { DeadLetter, Topic } from './event-bus.ts';

const canonicalType = 'counterfoil.canonical.';
const ledgerType = 'counterfoil.ledger.';
const deadLetterType = 'counterfoil.dead-letter';

/**
 * Providers' facts on their way to the ledger. Keyed by the first owner that the event names, so
 * that one card's or wallet's events arrive in order.
 */
export const canonicalTopic: Topic<CanonicalEvent> = {
  name: 'counterfoil.canonical.v1',
  keyOf: canonicalKey,
  idOf: (event) => event.eventId,
  encode: (event) => {
    const { type, eventId: id, occurredAt, ...rest } = event;
    return encodeCloudEvent({
      id,
      source: `/providers/${event.source.provider}`,
      type: `${canonicalType}${type}`,
      subject: `${event.subject.kind}:${event.subject.id}`,
      time: occurredAt,
      extensions: { partitionkey: canonicalKey(event) },
      data: toWire(rest),
    });
  },
  decode: (payload) => {
    const { id, time, data, ...event } = decodeCloudEvent(payload);
    return {
      type: typeAfter(canonicalType, event),
      eventId: eventId(id),
      occurredAt: time,
      ...fromWire(data),
    } as CanonicalEvent;
  },
};

function canonicalKey({ owners, source, subject }: CanonicalEvent): string {
  const [owner] = owners;
  return owner ? referenceKey(owner) : `${source.provider}:${subject.kind}:${subject.id}`;
}

/** Every recorded event, for whoever wants to know; in log order per stream. */
export const ledgerTopic: Topic<Recorded> = {
  name: 'counterfoil.ledger.v1',
  keyOf: (recorded) => recorded.stream,
  idOf: (recorded) => recorded.eventId,
  encode: (recorded) =>
    encodeCloudEvent({
      id: recorded.eventId,
      source: '/ledger',
      type: `${ledgerType}${recorded.event.type}`,
      subject: recorded.stream,
      time: recorded.occurredAt,
      extensions: {
        partitionkey: recorded.stream,
        streamversion: recorded.version.toString(),
        position: recorded.position,
        recordedtime: instantText(recorded.recordedAt),
        correlationid: recorded.correlationId,
        causationid: recorded.causationId,
      },
      data: toWire(recorded.event.data),
    }),
  decode: (payload) => {
    const event = decodeCloudEvent(payload);
    const recordedAt = recordedInstant(extension(event, 'recordedtime'));
    if (recordedAt === null) throw new Error('The recorded time of the event cannot be read');
    return {
      event: { type: typeAfter(ledgerType, event), data: fromWire(event.data) },
      eventId: eventId(event.id),
      stream: event.subject,
      version: streamVersion(BigInt(extension(event, 'streamversion'))),
      position: checkpoint(extension(event, 'position')),
      occurredAt: event.time,
      recordedAt,
      correlationId: correlationId(extension(event, 'correlationid')),
      causationId: eventId(extension(event, 'causationid')),
    };
  },
};

/** What consumers gave up on, keyed as the message was. */
export const deadLetterTopic: Topic<DeadLetter> = {
  name: 'counterfoil.dead-letter.v1',
  keyOf: (letter) => letter.key,
  idOf: (letter) => letter.id,
  encode: (letter) =>
    encodeCloudEvent({
      id: letter.id,
      source: `/bus/${letter.group}`,
      type: deadLetterType,
      subject: letter.topic,
      time: letter.failedAt,
      extensions: { partitionkey: letter.key },
      data: {
        topic: letter.topic,
        group: letter.group,
        messageId: letter.messageId,
        reason: letter.reason,
        attempts: letter.attempts,
        message: letter.payload,
        ...(letter.isWhole ? {} : { isWhole: false }),
      },
    }),
  decode: (payload) => {
    const event = decodeCloudEvent(payload);
    const { topic, group, messageId, reason, attempts, message, isWhole } = event.data;
    const isReadable = [topic, group, messageId, reason].every((part) => typeof part === 'string');
    if (!isReadable || typeof attempts !== 'number') throw new Error('Not a dead letter');
    return {
      id: event.id,
      topic,
      group,
      key: extension(event, 'partitionkey'),
      messageId,
      reason,
      attempts,
      failedAt: event.time,
      payload: message as JsonObject,
      isWhole: isWhole !== false,
    } as DeadLetter;
  },
};

function typeAfter(prefix: string, event: Pick<CloudEvent, 'type'>): string {
  if (!event.type.startsWith(prefix)) throw new Error(`Not an event of ${prefix}: ${event.type}`);
  return event.type.slice(prefix.length);
}

function extension(event: CloudEvent, name: string): string {
  const value = event.extensions[name];
  if (value === undefined) throw new Error(`The CloudEvent has no ${name}`);
  return value;
}
