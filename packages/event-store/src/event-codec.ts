import { type Event, fromWire, type JsonObject } from '@counterfoil/domain';
import { jsonBytes } from './json-bytes.ts';

/** Turns the data of one schema version into the next. Pure; throws on what no build ever wrote. */
export type Upcaster = (data: JsonObject) => JsonObject;

/**
 * By event type, the steps from schema version 1 to 2, 2 to 3, and so on. An event type without an
 * entry is at version 1. Old shapes are known here and nowhere else.
 */
export type UpcasterRegistry = Readonly<Record<string, readonly Upcaster[]>>;

/** An event on its way to a store. `data` is JSON in UTF-8, in the domain's wire form. */
export type EncodedEvent = Readonly<{ type: string; schemaVersion: number; data: Buffer }>;

/** An event as a store keeps it. `data` is JSON text. */
export type WrittenEvent = Readonly<{ type: string; schemaVersion: number; data: string }>;

export interface EventCodec {
  readonly encode: (event: Event) => EncodedEvent;
  /** Upcasts what an older build wrote. Throws on what a newer build wrote. */
  readonly decode: (written: WrittenEvent) => Event;
}

export const writtenOf = ({ type, schemaVersion, data }: EncodedEvent): WrittenEvent => ({
  type,
  schemaVersion,
  data: data.toString(),
});

export function eventCodec(upcasters: UpcasterRegistry = {}): EventCodec {
  const bytesOf = jsonBytes();
  const stepsOf = (type: string) => (Object.hasOwn(upcasters, type) ? upcasters[type] : []) ?? [];
  return {
    encode: (event) => ({
      type: event.type,
      schemaVersion: stepsOf(event.type).length + 1,
      data: bytesOf(event.data),
    }),
    decode: ({ type, schemaVersion, data }) => {
      const steps = stepsOf(type);
      if (schemaVersion < 1 || schemaVersion > steps.length + 1)
        throw new Error(`${type} was recorded with schema version ${schemaVersion}, unknown here`);
      const written = JSON.parse(data) as JsonObject;
      const current = steps.slice(schemaVersion - 1).reduce((shape, step) => step(shape), written);
      return { type, data: fromWire(current) };
    },
  };
}
