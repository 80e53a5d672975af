import type { Decider } from '../decider.ts';
import type { Reference } from '../reference/reference.ts';
import { ok } from '../result.ts';
import type { EffectClaimCommand, EffectClaimEvent, EffectClaimRejection } from './messages.ts';

/** The owners that the first body named; null while nobody has told of the effect. */
export type ClaimedOwners = readonly Reference[] | null;

export const effectClaimDecider: Decider<
  ClaimedOwners,
  EffectClaimCommand,
  EffectClaimEvent,
  EffectClaimRejection
> = {
  initialState: null,
  decide: ({ data }, owners) => ok(owners === null ? [{ type: 'EffectClaimed', data }] : []),
  evolve: (_owners, { data }) => data.owners,
};
