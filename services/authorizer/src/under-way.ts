import type { EventId } from '@counterfoil/domain';

/** Work on requests that is under way; it holds no more than what callers wait for. */
export interface UnderWay<Value> {
  readonly has: (request: EventId) => boolean;
  /**
   * Whoever wants the same while it is under way gets the same outcome. `work` is told the earliest
   * deadline of all who want it by the time it looks.
   */
  readonly share: (
    request: EventId,
    work: (deadlineAt: () => number) => Promise<Value>,
    deadlineAt?: number,
  ) => Promise<Value>;
}

type Shared<Value> = { deadlineAt: number; readonly outcome: Promise<Value> };

export function underWay<Value>(): UnderWay<Value> {
  const known = new Map<EventId, Shared<Value>>();
  return {
    has: (request) => known.has(request),
    share: (request, work, deadlineAt = Number.POSITIVE_INFINITY) => {
      const same = known.get(request);
      if (same !== undefined) {
        same.deadlineAt = Math.min(same.deadlineAt, deadlineAt);
        return same.outcome;
      }
      const shared: Shared<Value> = {
        deadlineAt,
        outcome: Promise.resolve()
          .then(() => work(() => shared.deadlineAt))
          .finally(() => known.delete(request)),
      };
      known.set(request, shared);
      return shared.outcome;
    },
  };
}
