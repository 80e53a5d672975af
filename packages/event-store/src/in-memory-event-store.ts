import {
  type Checkpoint,
  checkpoint,
  type EventId,
  instant,
  type Recorded,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';
import type { Clock } from '@counterfoil/runtime';
import { appendSignal } from './append-signal.ts';
import { type CheckedAppend, checkedAppend } from './checked-append.ts';
import { duplicateOf, type StoredEvent } from './duplicate-of.ts';
import { type EventCodec, eventCodec, writtenOf } from './event-codec.ts';
import type { AppendOutcome, EventStore } from './event-store.ts';

/** One process, gone with it: for the simulation, fast tests and a first look. */
export function inMemoryEventStore(
  options: Readonly<{ clock: Clock; codec?: EventCodec }>,
): EventStore {
  const { clock, codec = eventCodec() } = options;
  const log: Recorded[] = [];
  const streams = new Map<string, Recorded[]>();
  const stored = new Map<EventId, StoredEvent>();
  const signal = appendSignal({ clock });

  const record = (append: CheckedAppend): AppendOutcome => {
    const { stream, expected } = append.request;
    const found = append.events.flatMap(({ given }) => stored.get(given.eventId) ?? []);
    const duplicate = duplicateOf(append, found, codec);
    if (duplicate !== null) return duplicate;
    const events = streams.get(stream) ?? [];
    const actual = streamVersion(BigInt(events.length));
    if (actual !== expected) return { outcome: 'version-conflict', actual };
    const recordedAt = instant(clock.now());
    for (const { given, encoded } of append.events) {
      const version = streamVersion(BigInt(events.length + 1));
      const position = checkpoint(String(log.length + 1));
      // Decoded again, so that what is read is what any other store would give back.
      const written = writtenOf(encoded);
      const event = codec.decode(written);
      const recorded = { ...given, event, stream, version, position, recordedAt };
      events.push(recorded);
      log.push(recorded);
      stored.set(given.eventId, { eventId: given.eventId, stream, version, written });
    }
    streams.set(stream, events);
    signal.raise();
    return { outcome: 'appended', version: versionOf(events), position: headOf(log) };
  };

  return {
    appendToStream: async (request) => record(checkedAppend(request, codec)),
    readStream: async (stream, { after = streamVersion(0n), limit = Infinity } = {}) => {
      const events = streams.get(stream) ?? [];
      const start = Number(after);
      return { version: versionOf(events), events: events.slice(start, start + limit) };
    },
    readAll: async ({ after, limit }) => {
      const start = after === 'start' ? 0 : Number(after);
      const events = log.slice(start, start + limit);
      return { events, next: events.at(-1)?.position ?? after };
    },
    head: async () => (log.length === 0 ? 'start' : headOf(log)),
    waitForAppend: signal.wait,
  };
}

const versionOf = (events: readonly Recorded[]): StreamVersion =>
  streamVersion(BigInt(events.length));
const headOf = (log: readonly Recorded[]): Checkpoint => checkpoint(String(log.length));
