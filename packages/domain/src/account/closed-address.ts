import type { CanonicalEvent } from '../canonical/events.ts';
import { byTime, type KeptEvent } from '../canonical/kept-event.ts';
import type { Outcome } from './effect.ts';
import type { LifecycleFact } from './messages.ts';
import type { Account, Lifecycle } from './state.ts';

/** `address|calypso|purse-1` for what closes a deposit address or credits what came to it; else null. */
export function addressLifecycleId({ type, subject, source }: CanonicalEvent): string | null {
  const isAbout = type === 'DepositAddressClosed' || type === 'DepositConfirmed';
  return isAbout && subject.kind === 'address' ? `address|${source.provider}|${subject.id}` : null;
}

/** Of all that was told of an address what decides: its first closing and its last deposit. */
function decisive(facts: readonly LifecycleFact[]) {
  const events = facts
    .flatMap((fact) => (fact.kind === 'reported' ? [fact.event] : []))
    .sort(byTime);
  return {
    closing: events.find(isClosing),
    deposit: events.findLast((event) => !isClosing(event)),
  };
}

const isClosing = ({ type }: KeptEvent): boolean => type === 'DepositAddressClosed';

/** What is known of the address, with more facts; only those that decide are kept. */
export function withAddressFacts(
  account: Account,
  told: Pick<Lifecycle, 'lifecycleId' | 'names' | 'facts'>,
): Account {
  const { lifecycleId } = told;
  const known = account.lifecycles.get(lifecycleId);
  const { closing, deposit } = decisive([...(known?.facts ?? []), ...told.facts]);
  const facts = [closing, deposit].flatMap((event): LifecycleFact[] =>
    event === undefined ? [] : [{ kind: 'reported', event }],
  );
  const names = new Set([...(known?.names ?? []), ...told.names]);
  const lifecycle = { lifecycleId, names, facts, booked: [] };
  return { ...account, lifecycles: account.lifecycles.with(lifecycleId, lifecycle) };
}

/**
 * Money that came to an address after it was closed is credited, and a person looks at the address,
 * once: whoever sends there may well send again. `told`: a fact that is about to be recorded.
 */
export function closedAddressReviews(
  account: Account,
  lifecycleId: string,
  told: readonly LifecycleFact[] = [],
): NonNullable<Outcome['reviews']> {
  const known = account.lifecycles.get(lifecycleId)?.facts ?? [];
  const { closing, deposit } = decisive([...known, ...told]);
  if (!closing || !deposit || deposit.occurredAt <= closing.occurredAt) return [];
  const reason = 'deposit-to-closed-address';
  const deliveryIds = [closing.source.deliveryId, deposit.source.deliveryId];
  return [{ reviewId: `${reason}|${lifecycleId}`, reason, subject: lifecycleId, deliveryIds }];
}
