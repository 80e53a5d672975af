import type { CanonicalEvent } from '../canonical/events.ts';
import { isCancellation } from '../canonical/route.ts';
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
    return event.data.status === 'declined' && event.data.depositId !== null
      ? `${provider}|deposit|${event.data.depositId}|declined`
      : null;
  if (!isCancellation(event)) return null;
  const { transactionId } = event.references;
  const thing = event.data.kind === 'fee-canceled' ? 'fee' : 'refund';
  return transactionId === undefined ? null : `${provider}|${thing}|${transactionId}|canceled`;
}

/** What was credited or moved and also refused: the money counts, and a person looks (R12). */
export function contradictions(account: Account, event: CanonicalEvent): readonly Review[] {
  const key = saidOf(event) ?? event.effectKey;
  const effect = event.type === 'TransferCompleted' ? `${key}|from` : key;
  if (effect === null || thingOf(effect) === null) return [];
  const mark = { eventId: event.eventId, deliveryId: event.source.deliveryId, booking: [] };
  return contradictionsAmong({ marks: account.marks.with(effect, mark) }, [effect]);
}

/** Every contradiction among the effects that have been told, of the things that are named. */
export function contradictionsAmong(
  { marks }: Pick<Account, 'marks'>,
  effects: readonly string[],
): readonly Review[] {
  const subjects = new Set(effects.flatMap((effect) => thingOf(effect) ?? []));
  return [...subjects].flatMap((subject): Review[] => {
    const find = (ends: readonly string[]) =>
      ends.map((end) => marks.get(`${subject}${end}`)).find((mark) => mark !== undefined);
    const credited = find(moved);
    const done = credited ?? find([announced]);
    const review = (
      reason: ReviewReason,
      credit: EffectMark | undefined,
      refusal: EffectMark | undefined,
    ): readonly Review[] => {
      if (!credit || !refusal) return [];
      const deliveryIds = [credit.deliveryId, refusal.deliveryId];
      return [{ reviewId: `${reason}|${subject}`, reason, subject, deliveryIds }];
    };
    return [
      ...review('compliance-after-credit', credited, find(['|declined'])),
      ...review('contradicting-final-states', done, find(['|failed', '|canceled'])),
    ];
  });
}

/** Everything under which a review of these effects may be open. */
export const subjectsOf = (effects: readonly string[]): ReadonlySet<string> =>
  new Set(effects.flatMap((effect) => [effect, thingOf(effect) ?? effect]));
