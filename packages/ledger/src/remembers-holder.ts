import type { Reference } from '@counterfoil/domain';

/** What several events tell of, of which some may name whose it is and others not. */
export const remembersHolder = (reference: Reference): boolean =>
  isOrderReference(reference) || reference.kind === 'invoice';

export const isOrderReference = ({ kind }: Reference): boolean =>
  kind === 'withdrawal' || kind === 'payout';
