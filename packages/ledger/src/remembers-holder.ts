import type { Reference } from '@counterfoil/domain';

/** What several events tell of, of which some may name whose it is and others not. */
export const remembersHolder = (reference: Reference): boolean =>
  isOrderReference(reference) || reference.kind === 'invoice';

export const isOrderReference = ({ kind }: Reference): boolean =>
  kind === 'withdrawal' || kind === 'payout';

/**
 * Which of an event's names remember a holder: those of an order, and of an invoice the first, which is
 * the provider's own. Our own ids of an invoice are not promised to be of one invoice only.
 */
export function rememberingNames(owners: readonly Reference[]): readonly Reference[] {
  const invoice = owners.find(({ kind }) => kind === 'invoice');
  return owners.filter((owner) => isOrderReference(owner) || owner === invoice);
}
