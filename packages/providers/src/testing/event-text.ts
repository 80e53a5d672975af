import { type CanonicalEvent, instant, instantText, moneyText } from '@counterfoil/domain';

/** Data as a wire would write it: money and instants as text. */
export const plain = (event: CanonicalEvent): unknown =>
  JSON.parse(
    JSON.stringify(event.data, (key, value: unknown) => {
      if (typeof value === 'number' && key.endsWith('At')) return instantText(instant(value));
      if (typeof value !== 'object' || value === null || !('units' in value)) return value;
      const { amount, asset } = moneyText(value as Parameters<typeof moneyText>[0]);
      return `${amount} ${asset}`;
    }),
  );

/** Whose books an event belongs to, most telling first. */
export const ownersOf = (event: CanonicalEvent): readonly string[] =>
  event.owners.map(({ kind, externalId }) => `${kind} ${externalId}`);
