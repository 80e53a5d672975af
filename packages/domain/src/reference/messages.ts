import type { Review, Ruling } from '../account/messages.ts';
import type { AccountId } from '../ids.ts';
import type { Command, Event } from '../message.ts';
import type { Rejection } from '../result.ts';
import type { Reference } from './reference.ts';
import type { IdsOfName } from './told-ids.ts';

export type TellIds = IdsOfName & Readonly<{ deliveryId: string }>;
export type IdsTold = TellIds & Readonly<{ reviewsOpened: readonly Review[] }>;
export type IdsRuling = Readonly<{
  reviewId: string;
  ruling: Ruling;
  note: string;
  actor: string;
}>;

/** Stream `reference-{provider}:{kind}:{externalId}`: whose the thing so named is. */
export type ReferenceEvent =
  /** An owner was named by us: by the API, by an order, by attribution. */
  | Event<'ReferenceLinked', { reference: Reference; accountId: AccountId; actor: string }>
  /** The provider says whose it is: it belongs wherever `holder` belongs. */
  | Event<'ReferenceHolderNamed', { reference: Reference; holder: Reference }>
  /** An account keeps money that names this reference, while nobody has linked it. */
  | Event<'ReferenceUsed', { reference: Reference; accountId: AccountId }>
  /** The provider says which other ids go with this name; opens a review where it said otherwise. */
  | Event<'ReferenceIdsTold', IdsTold>
  | Event<'ReferenceReviewResolved', IdsRuling>;

export type ReferenceCommand =
  | Command<'LinkReference', { reference: Reference; accountId: AccountId; actor: string }>
  /** `instead`: a holder that nobody has linked gives way to one that is, also to one less telling. */
  | Command<'NameHolder', { reference: Reference; holder: Reference; instead?: Reference }>
  | Command<'UseReference', { reference: Reference; accountId: AccountId }>
  | Command<'TellIds', TellIds>
  | Command<'ResolveReferenceReview', IdsRuling>;

export type ReferenceRejection = Rejection<'reference-linked-elsewhere' | 'review-not-found'>;
