import type { CanonicalEvent } from '../canonical/events.ts';
import { isCancellation } from '../canonical/route.ts';
import type { Review, ReviewReason } from './messages.ts';
import type { Account, EffectMark } from './state.ts';

const moved = ['', '|confirmed', '|delivered', '|completed|from', '|completed|to'];
const refused = ['|failed', '|canceled', '|declined'];
const things = ['deposit', 'transfer', 'refund', 'fee', 'clearing'];

/** Effects that say money moved, or that it will not, of things that are no order and no hold. */
export function thingOf(effect: string): string | null {
  if (!things.includes(effect.split('|')[1] ?? '')) return null;
  const outcome = [...moved, ...refused].findLast((end) => end !== '' && effect.endsWith(end));
  return effect.slice(0, effect.length - (outcome?.length ?? 0));
}

/**
 * Under which key the refusal of a thing is remembered that has no effect of its own: a compliance
 * decline of a deposit, or a refund or fee that was canceled.
 */
export function refusalOf(event: CanonicalEvent): string | null {
  const { provider } = event.source;
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
  const key = refusalOf(event) ?? event.effectKey;
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
    const review = (reason: ReviewReason, refusal: EffectMark | undefined): readonly Review[] => {
      const credit = find(moved);
      if (!credit || !refusal) return [];
      const deliveryIds = [credit.deliveryId, refusal.deliveryId];
      return [{ reviewId: `${reason}|${subject}`, reason, subject, deliveryIds }];
    };
    return [
      ...review('compliance-after-credit', find(['|declined'])),
      ...review('contradicting-final-states', find(['|failed', '|canceled'])),
    ];
  });
}

/** Everything under which a review of these effects may be open. */
export const subjectsOf = (effects: readonly string[]): ReadonlySet<string> =>
  new Set(effects.flatMap((effect) => [effect, thingOf(effect) ?? effect]));
