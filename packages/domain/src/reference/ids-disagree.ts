import type { Review } from '../account/messages.ts';
import { err, ok, type Result } from '../result.ts';
import type {
  IdsRuling,
  IdsTold,
  ReferenceEvent,
  ReferenceRejection,
  TellIds,
} from './messages.ts';
import type { ToldId } from './told-ids.ts';

/** `told`: of each other id the one that was told first. `reviewId`: null until ids disagreed. */
export type IdsState = Readonly<{
  told: readonly (ToldId & Readonly<{ deliveryId: string }>)[];
  reviewId: string | null;
  isOpen: boolean;
}>;
export const nothingTold: IdsState = { told: [], reviewId: null, isOpen: false };

/**
 * A name that is told with two other ids of one kind, or with and without one, wants a person, once,
 * whatever comes first. Once that is asked nothing more has to be known of it.
 */
export function tellIds(state: IdsState, tell: TellIds): readonly ReferenceEvent[] {
  if (state.reviewId !== null) return [];
  const { reference, deliveryId } = tell;
  const news = tell.ids.filter(({ field, id }) => known(state, field)?.id !== id);
  const contrary = news.flatMap(({ field }) => known(state, field)?.deliveryId ?? []);
  const isUnnamed = news.some(({ field, id }) => field === 'parentExternalId' && id === null);
  const subject = `${reference.provider}|${reference.kind}|${reference.externalId}`;
  const review: Review = {
    reviewId: `ids-disagree|${subject}`,
    reason: 'ids-disagree',
    subject,
    deliveryIds: [...new Set([...contrary, deliveryId])].sort(),
  };
  const reviewsOpened = contrary.length > 0 || isUnnamed ? [review] : [];
  const data = { reference, ids: news, deliveryId, reviewsOpened };
  return news.length === 0 ? [] : [{ type: 'ReferenceIdsTold', data }];
}

const known = ({ told }: IdsState, field: ToldId['field']) =>
  told.find((other) => other.field === field);

export function withIdsTold(
  state: IdsState,
  { ids, deliveryId, reviewsOpened }: IdsTold,
): IdsState {
  const first = ids.filter(({ field }) => known(state, field) === undefined);
  const told = [...state.told, ...first.map((id) => ({ ...id, deliveryId }))];
  const [review] = reviewsOpened;
  return review ? { told, reviewId: review.reviewId, isOpen: true } : { ...state, told };
}

/** Nothing is posted for a ruling: what the ids were used with stands as it was recorded. */
export function resolveIdsReview(
  { reviewId, isOpen }: IdsState,
  data: IdsRuling,
): Result<readonly ReferenceEvent[], ReferenceRejection> {
  if (reviewId !== data.reviewId)
    return err({ code: 'review-not-found', message: 'There is no such open review.' });
  return ok(isOpen ? [{ type: 'ReferenceReviewResolved', data }] : []);
}
