import type { Command, Event } from '../message.ts';
import type { Reference } from '../reference/reference.ts';
import type { Rejection } from '../result.ts';

/** `effectKey`: as accounts remember it. `owners`: whose money it is, as first told. */
export type EffectClaim = Readonly<{ effectKey: string; owners: readonly Reference[] }>;

/**
 * Stream `effect-{hash of the key}`: which body of an effect came first. An effect posts once in an
 * account (R5); whoever another body names, it is looked for where the first body's owner is.
 */
export type EffectClaimEvent = Event<'EffectClaimed', EffectClaim>;
export type EffectClaimCommand = Command<'ClaimEffect', EffectClaim>;
export type EffectClaimRejection = Rejection<never>;
