import type { CanonicalEvent } from './events.ts';

/** As the adapters write an id into a key. */
const escaped = (id: string): string => id.replace(/[\\|]/g, '\\$&');

/**
 * Every key of what an event does to the books: its own, and for a settlement that is known by
 * several deposits the key that each of them has alone. Settlements that share a deposit have one
 * effect between them. Empty where the event has no effect that others could repeat.
 */
export function effectKeysOf(
  event: Pick<CanonicalEvent, 'type' | 'data' | 'effectKey'>,
): readonly string[] {
  const { effectKey, data } = event;
  if (effectKey === null) return [];
  if (event.type !== 'InvoiceSettled' || !('depositIds' in data) || data.depositIds.length < 2)
    return [effectKey];
  const ids = data.depositIds.map(escaped);
  const named = ids.join(',');
  if (!effectKey.endsWith(`|${named}`)) return [effectKey];
  const start = effectKey.slice(0, -named.length);
  return [effectKey, ...ids.map((id) => `${start}${id}`)];
}
