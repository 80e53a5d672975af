import type { AuthorizationDecision } from '@counterfoil/providers';
import type { Received } from './archive.ts';

/** What was answered to a request while one of its deliveries is answered or followed up. */
export interface GivenAnswer {
  /** Keeps the first decision that is given, and says which one that is. */
  readonly first: (decision: AuthorizationDecision) => AuthorizationDecision;
  /** Nothing more will be asked here for this delivery. */
  readonly leave: () => void;
}

/**
 * Deliveries of one body share what was answered to the first of them, from their arrival until the
 * archive or the authorizer knows it. Only those of this process: a repeat at another gateway, in
 * the moment between a stand-in decline and its record in the archive, may be given an approval
 * that is withdrawn.
 */
export interface GivenAnswers {
  readonly join: (received: Received) => GivenAnswer;
}

type Shared = { deliveries: number; answer: AuthorizationDecision | null };

/** Holds no more than the deliveries that are under way and the stand-ins that are followed up. */
export function givenAnswers(): GivenAnswers {
  const known = new Map<string, Shared>();
  return {
    join: ({ adapter, identification: { eventKey, bodySha256 } }) => {
      // As the archive knows a repeat.
      const key = JSON.stringify([adapter.provider, eventKey, bodySha256]);
      const shared = known.get(key) ?? { deliveries: 0, answer: null };
      known.set(key, shared);
      shared.deliveries += 1;
      return {
        first: (decision) => {
          shared.answer ??= decision;
          return shared.answer;
        },
        leave: () => {
          shared.deliveries -= 1;
          if (shared.deliveries === 0) known.delete(key);
        },
      };
    },
  };
}
