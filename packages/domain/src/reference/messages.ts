import type { AccountId } from '../ids.ts';
import type { Command, Event } from '../message.ts';
import type { Rejection } from '../result.ts';
import type { Reference } from './reference.ts';

/** Stream `reference-{provider}:{kind}:{externalId}`: whose the thing so named is. */
export type ReferenceEvent =
  /** An owner was named by us: by the API, by an order, by attribution. */
  | Event<'ReferenceLinked', { reference: Reference; accountId: AccountId; actor: string }>
  /** The provider says whose it is: it belongs wherever `holder` belongs. */
  | Event<'ReferenceHolderNamed', { reference: Reference; holder: Reference }>
  /** An account keeps money that names this reference, while nobody has linked it. */
  | Event<'ReferenceUsed', { reference: Reference; accountId: AccountId }>;

export type ReferenceCommand =
  | Command<'LinkReference', { reference: Reference; accountId: AccountId; actor: string }>
  | Command<'NameHolder', { reference: Reference; holder: Reference }>
  | Command<'UseReference', { reference: Reference; accountId: AccountId }>;

export type ReferenceRejection = Rejection<'reference-linked-elsewhere'>;
