import type { EventStore } from '@counterfoil/event-store';
import type { Database } from '@counterfoil/runtime';
import { copyState } from './model-copy.ts';
import { type ModelName, servingSchema } from './model-name.ts';
import type { Projection } from './projection.ts';
import { comparePositions, type Position } from './read-model-position.ts';

export type ModelAhead = Readonly<{ model: ModelName; position: Position; head: Position }>;

/**
 * The models that have applied more than the log holds: it is another one, or was restored to an
 * earlier point. Beside a running system there are none: the log only grows, and its end is read
 * after where the models stand.
 */
export async function modelsAhead(
  { database, store }: Readonly<{ database: Database; store: Pick<EventStore, 'head'> }>,
  projections: readonly Projection[],
): Promise<readonly ModelAhead[]> {
  const standing: Readonly<{ model: ModelName; position: Position }>[] = [];
  for (const { name } of projections) {
    const state = await copyState(database, servingSchema(name));
    if (state !== null) standing.push({ model: name, position: state.position });
  }
  const head = await store.head();
  return standing
    .filter(({ position }) => comparePositions(position, head) > 0)
    .map((stand) => ({ ...stand, head }));
}
