import { unitsOf, type Units } from './balances.ts';
import type { Acknowledged } from './deliverer.ts';

const approved = '{"response_code":"00"}';

/** The books that acknowledged deliveries must leave, each counted once, on top of `before`. */
export function booksOfAcknowledged(before: Units, acknowledged: readonly Acknowledged[]): Units {
  const units = new Map(before);
  const add = (name: string, amount: bigint) => units.set(name, (units.get(name) ?? 0n) + amount);
  for (const { delivery, answer } of acknowledged) {
    const { kind, accountId, asset } = delivery;
    const amount = unitsOf(delivery.amount, asset);
    if (kind === 'deposit') add(`${accountId} ${asset} available`, amount);
    else if (answer.body === approved) {
      add(`${accountId} ${asset} available`, -amount);
      add(`${accountId} ${asset} held`, amount);
    }
  }
  return new Map([...units].filter(([, sum]) => sum !== 0n));
}
