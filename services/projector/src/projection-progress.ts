import type { Instant } from '@counterfoil/domain';
import type { EventStore } from '@counterfoil/event-store';
import { comparePositions, type ModelName, type Position } from '@counterfoil/read-models';
import type { Clock, Metrics } from '@counterfoil/runtime';

export type ProjectionLag = Readonly<{
  model: ModelName;
  /** Positions between the model and the end of the log; exactly events where these are contiguous. */
  events: bigint;
  /** Since the last applied event was recorded; zero for a model that has them all. */
  seconds: number;
}>;

export interface ProjectionProgress {
  /** `recordedAt` is the last applied event's; null when the model only says where it stands. */
  readonly reached: (model: ModelName, position: Position, recordedAt: Instant | null) => void;
  /** Another process leads from now on. */
  readonly forget: () => void;
  readonly lag: () => Promise<readonly ProjectionLag[]>;
}

type Reached = Readonly<{ position: Position; recordedAt: Instant | null }>;

export function projectionProgress(
  ports: Readonly<{ store: Pick<EventStore, 'head'>; clock: Clock; metrics: Metrics }>,
): ProjectionProgress {
  const { store, clock, metrics } = ports;
  const models = new Map<ModelName, Reached>();
  const startedAt = clock.now();
  const applied = metrics.counter({
    name: 'counterfoil_projection_batches_total',
    help: 'Batches of events that a read model has applied.',
    labels: ['model'],
  });

  const lagOf = (model: ModelName, { position, recordedAt }: Reached, head: Position) => {
    const isBehind = comparePositions(position, head) < 0;
    const sinceMs = clock.now() - (recordedAt ?? startedAt);
    return {
      model,
      events: isBehind ? numberOf(head) - numberOf(position) : 0n,
      seconds: isBehind ? Math.max(0, sinceMs / 1000) : 0,
    };
  };

  return {
    reached: (model, position, recordedAt) => {
      models.set(model, {
        position,
        recordedAt: recordedAt ?? models.get(model)?.recordedAt ?? null,
      });
      if (recordedAt !== null) applied.add(1, { model });
    },
    forget: () => models.clear(),
    lag: async () => {
      const head = await store.head();
      return [...models].map(([model, reached]) => lagOf(model, reached, head));
    },
  };
}

const numberOf = (position: Position): bigint => (position === 'start' ? 0n : BigInt(position));
