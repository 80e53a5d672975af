import {
  commandId,
  correlationId,
  instant,
  type Recorded,
  type Reference,
} from '@counterfoil/domain';
import { derivedCommandId, type Ledger, moveToOwner } from '@counterfoil/ledger';
import type { Clock } from '@counterfoil/runtime';

/** An event after which money may have to move. */
export const isLinking = ({ event }: Recorded): boolean =>
  event.type === 'ReferenceLinked' || event.type === 'ReferenceHolderNamed';

/**
 * Given the log in order, finishes every move that a link began: the process that linked may have
 * died between two steps. Steps that were done change nothing.
 */
export async function finishMoves(
  ledger: Ledger,
  clock: Clock,
  events: readonly Recorded[],
): Promise<void> {
  for (const recorded of events.filter(isLinking)) {
    const { reference } = recorded.event.data as { reference: Reference };
    await moveToOwner(ledger, reference, {
      commandId: derivedCommandId(commandId(recorded.eventId), 'finish move'),
      correlationId: correlationId(recorded.correlationId),
      now: instant(clock.now()),
    });
  }
}
