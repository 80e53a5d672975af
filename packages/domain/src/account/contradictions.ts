import type { CanonicalEvent } from '../canonical/events.ts';
import { isCancellation } from '../canonical/route.ts';
import type { Outcome } from './effect.ts';
import type { Review, ReviewReason } from './messages.ts';
import type { Account, EffectMark } from './state.ts';

const moved = ['', '|confirmed', '|delivered', '|completed|from', '|completed|to'];
const announced = '|announced';
const refused = ['|failed', '|canceled', '|declined'];
const things = ['deposit', 'transfer', 'refund', 'fee', 'clearing'];

/** Effects that say money moved, or that it will not, of things that are no order and no hold. */
export function thingOf(effect: string): string | null {
  if (!things.includes(effect.split('|')[1] ?? '')) return null;
  const outcome = [...moved, announced, ...refused].findLast(
    (end) => end !== '' && effect.endsWith(end),
  );
  return effect.slice(0, effect.length - (outcome?.length ?? 0));
}

/**
 * Under which key is remembered what was said of a thing without an effect of its own: that a
 * deposit is done, whose credit may be reported under another id, that compliance declined it, or
 * that a refund or fee was canceled.
 */
export function saidOf(event: CanonicalEvent): string | null {
  const { provider } = event.source;
  if (event.type === 'DepositDetected')
    return event.data.stage === 'confirmed' && event.data.depositId !== null
      ? `${provider}|deposit|${event.data.depositId}${announced}`
      : null;
  if (event.type === 'ComplianceStatusChanged')
    return event.data.status === 'declined'
      ? `${provider}|deposit|${event.data.depositId ?? event.eventId}|declined`
      : null;
  if (!isCancellation(event)) return null;
  const { transactionId } = event.references;
  const thing = event.data.kind === 'fee-canceled' ? 'fee' : 'refund';
  return transactionId === undefined ? null : `${provider}|${thing}|${transactionId}|canceled`;
}

type Reviewed = Required<Pick<Outcome, 'reviews' | 'reviewsClosed'>>;

/** What was credited or moved and also refused: the money counts, and a person looks (R12). */
export function contradictions(account: Account, event: CanonicalEvent): Reviewed {
  const key = saidOf(event) ?? event.effectKey;
  const effect = event.type === 'TransferCompleted' ? `${key}|from` : key;
  if (effect === null || thingOf(effect) === null) return { reviews: [], reviewsClosed: [] };
  const mark = { eventId: event.eventId, deliveryId: event.source.deliveryId, booking: [] };
  return contradictionsAmong({ ...account, marks: account.marks.with(effect, mark) }, [effect]);
}

/** Every contradiction among the effects that have been told, of the things that are named. */
export function contradictionsAmong(
  { marks, reviews: open }: Pick<Account, 'marks' | 'reviews'>,
  effects: readonly string[],
): Reviewed {
  const subjects = [...new Set(effects.flatMap((effect) => thingOf(effect) ?? []))];
  const reviews = subjects.flatMap((subject) => contradictionsOf(marks, subject));
  const calledFor = new Set(reviews.map(({ reviewId }) => reviewId));
  const reviewsClosed = subjects
    .map((subject) => reviewIdOf('compliance-declined', subject))
    .filter((id) => open.get(id) !== undefined && !calledFor.has(id));
  return { reviews, reviewsClosed };
}

const reviewIdOf = (reason: ReviewReason, subject: string) => `${reason}|${subject}`;

/** A declined deposit waits for a person also where nothing contradicts that. */
function contradictionsOf(marks: Account['marks'], subject: string): readonly Review[] {
  const find = (ends: readonly string[]) =>
    ends.map((end) => marks.get(`${subject}${end}`)).find((mark) => mark !== undefined);
  const credited = find(moved);
  const declined = find(['|declined']);
  const failed = find(['|failed', '|canceled']);
  const done = credited ?? find([announced]);
  const review = (reason: ReviewReason, ...told: readonly EffectMark[]): Review => {
    const deliveryIds = told.map(({ deliveryId }) => deliveryId);
    return { reviewId: reviewIdOf(reason, subject), reason, subject, deliveryIds };
  };
  return [
    ...(declined && credited ? [review('compliance-after-credit', credited, declined)] : []),
    ...(declined && !credited ? [review('compliance-declined', declined)] : []),
    ...(done && failed ? [review('contradicting-final-states', done, failed)] : []),
  ];
}

/** Everything under which a review of these effects may be open. */
export const subjectsOf = (effects: readonly string[]): ReadonlySet<string> =>
  new Set(effects.flatMap((effect) => [effect, thingOf(effect) ?? effect]));
