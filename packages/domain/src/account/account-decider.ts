import type { Decider } from '../decider.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { AccountCommand, AccountEvent, AccountRejection } from './messages.ts';
import { type Account, absentAccount } from './state.ts';

/** The books of one owner. Also keeps suspense: there the owner is nobody yet. */
export const accountDecider: Decider<Account, AccountCommand, AccountEvent, AccountRejection> = {
  initialState: absentAccount,
  decide,
  evolve,
};
