import type { Decider } from '../decider.ts';
import type { AccountId } from '../ids.ts';
import { err, ok } from '../result.ts';
import {
  type IdsState,
  nothingTold,
  resolveIdsReview,
  tellIds,
  withIdsTold,
} from './ids-disagree.ts';
import type { ReferenceCommand, ReferenceEvent, ReferenceRejection } from './messages.ts';
import { type Reference, type ReferenceKind, referenceKey } from './reference.ts';

/** `usedBy`: accounts that keep money naming the reference while nobody has linked it. */
export type ReferenceState = Readonly<{
  linkedTo: AccountId | null;
  holder: Reference | null;
  usedBy: readonly AccountId[];
  ids: IdsState;
}>;

// R13: what names the money closer counts, whichever is told first.
const holderOrder: readonly ReferenceKind[] = ['wallet', 'address', 'card', 'client', 'account'];

/** Of two holders of one kind the first one named stands. */
export function isMoreTelling(holder: Reference, known: Reference | null): boolean {
  const rank = (reference: Reference): number =>
    holderOrder.includes(reference.kind) ? holderOrder.indexOf(reference.kind) : holderOrder.length;
  return known === null || rank(holder) < rank(known);
}

const givesWay = (known: Reference | null, instead: Reference | undefined): boolean =>
  known !== null && instead !== undefined && referenceKey(known) === referenceKey(instead);

export const referenceDecider: Decider<
  ReferenceState,
  ReferenceCommand,
  ReferenceEvent,
  ReferenceRejection
> = {
  initialState: { linkedTo: null, holder: null, usedBy: [], ids: nothingTold },
  decide(command, state) {
    switch (command.type) {
      case 'LinkReference':
        if (state.linkedTo === command.data.accountId) return ok([]);
        if (state.linkedTo !== null)
          return err({
            code: 'reference-linked-elsewhere',
            message: `${referenceKey(command.data.reference)} belongs to another account.`,
          });
        return ok([{ type: 'ReferenceLinked', data: command.data }]);
      case 'NameHolder': {
        const { reference, holder, instead } = command.data;
        const isNews = isMoreTelling(holder, state.holder) || givesWay(state.holder, instead);
        return ok(isNews ? [{ type: 'ReferenceHolderNamed', data: { reference, holder } }] : []);
      }
      case 'UseReference':
        return ok(
          state.usedBy.includes(command.data.accountId)
            ? []
            : [{ type: 'ReferenceUsed', data: command.data }],
        );
      case 'TellIds':
        return ok(tellIds(state.ids, command.data));
      case 'ResolveReferenceReview':
        return resolveIdsReview(state.ids, command.data);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ReferenceLinked':
        return { ...state, linkedTo: event.data.accountId };
      case 'ReferenceHolderNamed':
        return { ...state, holder: event.data.holder };
      case 'ReferenceUsed':
        return { ...state, usedBy: [...state.usedBy, event.data.accountId] };
      case 'ReferenceIdsTold':
        return { ...state, ids: withIdsTold(state.ids, event.data) };
      case 'ReferenceReviewResolved':
        return { ...state, ids: { ...state.ids, isOpen: false } };
    }
  },
};
