import type { JsonObject } from '@counterfoil/domain';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { storedText, textOfStored } from '../stored-text.ts';

/** A message on its way to a topic. */
export type OutgoingRecord = Readonly<{
  topic: string;
  key: Buffer;
  value: Buffer;
  headers: Readonly<Record<string, string>>;
  /** About what it takes in a request. */
  bytes: number;
}>;

/** A message as a topic holds it. */
export type StoredRecord = Readonly<{
  partition: number;
  offset: bigint;
  /** Milliseconds, as the broker has it: tells a record from one of a topic that was made anew. */
  timestamp: string;
  key: string;
  messageId: string;
  /** For this group only: a dead letter that is tried again. */
  group: string | null;
  value: Buffer | null;
}>;

const idHeader = 'counterfoil-id';
/** Only where UTF-8 cannot hold the key. */
const keyHeader = 'counterfoil-key';
const groupHeader = 'counterfoil-group';
/** Offsets, timestamps and lengths of a record and its share of the request. */
const overheadBytes = 100;

export function outgoingRecord(
  topic: string,
  message: Readonly<{ key: string; messageId: string; payload: JsonObject }>,
  group?: string,
): OutgoingRecord {
  const key = Buffer.from(message.key, 'utf8');
  const value = Buffer.from(JSON.stringify(message.payload), 'utf8');
  const storedKey = storedText(message.key);
  const headers = {
    'content-type': contentTypeOf(message.payload),
    [idHeader]: storedText(message.messageId),
    ...(storedKey === message.key ? {} : { [keyHeader]: storedKey }),
    ...(group === undefined ? {} : { [groupHeader]: group }),
  };
  const headerBytes = Object.entries(headers).reduce(
    (sum, [name, text]) => sum + name.length + Buffer.byteLength(text),
    0,
  );
  const bytes = key.length + value.length + headerBytes + overheadBytes;
  return { topic, key, value, headers, bytes };
}

/** As the Kafka binding of CloudEvents asks. */
const contentTypeOf = (payload: JsonObject): string =>
  'specversion' in payload
    ? 'application/cloudevents+json; charset=UTF-8'
    : 'application/json; charset=UTF-8';

/** What others published without our headers is named by where it stands. */
export function storedRecord(
  topic: string,
  partition: number,
  { offset, timestamp, key, value, headers }: KafkaMessage,
): StoredRecord {
  const storedKey = headerText(headers, keyHeader);
  const storedId = headerText(headers, idHeader);
  return {
    partition,
    offset: BigInt(offset),
    timestamp,
    key: unescaped(storedKey) ?? key?.toString('utf8') ?? '',
    messageId: unescaped(storedId) ?? `${topic}:${partition}:${offset}`,
    group: headerText(headers, groupHeader),
    value,
  };
}

function headerText(headers: IHeaders | undefined, name: string): string | null {
  const value = headers?.[name];
  const [first] = Array.isArray(value) ? value : [value];
  return first === undefined ? null : first.toString();
}

function unescaped(stored: string | null): string | null {
  if (stored === null) return null;
  try {
    return textOfStored(stored);
  } catch {
    return null;
  }
}

/** Throws on what is no JSON object. */
export function payloadOf({ value }: StoredRecord): JsonObject {
  const payload: unknown = JSON.parse(value?.toString('utf8') ?? 'null');
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new Error('the message is not a JSON object');
  return payload as JsonObject;
}
