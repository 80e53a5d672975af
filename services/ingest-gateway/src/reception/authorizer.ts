import type { AuthorizationRequested } from '@counterfoil/domain';
import type { AuthorizationDecision } from '@counterfoil/providers';

/** Decides card authorizations; the gateway only carries the question and the answer. */
export interface Authorizer {
  /**
   * Resolves when the decision is durable. The same request gets the same decision, another body
   * under its `authorizationId` a decline. `deadlineAt` is a reading of the clock's `monotonic`:
   * past it the gateway has declined, so an approval found then must be withdrawn by the authorizer.
   */
  readonly decide: (
    request: AuthorizationRequested,
    deadlineAt: number,
  ) => Promise<AuthorizationDecision>;

  /**
   * An approval that came in time could not be given as the answer: what it holds is released, and
   * a request that is not decided yet is declined. What was given to another body under the same id
   * stands. Resolves when that is durable; rejects when it is not known.
   */
  readonly withdraw?: (request: AuthorizationRequested) => Promise<void>;
}
