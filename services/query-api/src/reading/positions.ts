import { comparePositions, type ModelName, type Position } from '@counterfoil/read-models';
import { type Clock, problemError } from '@counterfoil/runtime';
import type { ReadModels } from '../read-models.ts';

/** How long a caller is kept waiting for the read models. */
const waitMsMax = 5000;
/** Projections usually follow within milliseconds; a shorter pause would only load the database. */
const pauseMs = 20;

export type Positions = Readonly<{
  /** Now, without waiting. */
  current: (models: readonly ModelName[]) => Promise<Position>;
  /** The position reached once it is at least `minPosition`; null after five seconds without. */
  waitFor: (models: readonly ModelName[], minPosition: Position) => Promise<Position | null>;
}>;

/** Callers that wait for the same models share one look at the database. */
export function positions(
  options: Readonly<{ readModels: Pick<ReadModels, 'position'>; clock: Clock }>,
): Positions {
  const { readModels, clock } = options;
  const looks = new Map<string, Promise<Position>>();
  const look = (models: readonly ModelName[]): Promise<Position> => {
    const key = models.join();
    const shared = looks.get(key) ?? readModels.position(models).finally(() => looks.delete(key));
    looks.set(key, shared);
    return shared;
  };
  return {
    current: readModels.position,
    waitFor: async (models, minPosition) => {
      const deadline = clock.monotonic() + waitMsMax;
      for (;;) {
        const reached = await look(models);
        if (comparePositions(reached, minPosition) >= 0) return reached;
        if (clock.monotonic() >= deadline) return null;
        await clock.sleep(pauseMs);
      }
    },
  };
}

/** The problem of a wait that ended without the position. */
export const notReached = (position: Position, minPosition: Position) =>
  problemError(
    'position-not-reached',
    `The read models are at ${position}, asked for was ${minPosition}.`,
    { lag: { position, minPosition, events: String(units(minPosition) - units(position)) } },
  );

const units = (position: Position) => (position === 'start' ? 0n : BigInt(position));
