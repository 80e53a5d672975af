import { messageBus } from '@counterfoil/adapters';
import type { EventBus } from '@counterfoil/event-bus';
import { parseConfig, silentLogger, systemClock } from '@counterfoil/runtime';
import { standaloneConfig } from '@counterfoil/standalone';
import type { RunningSystem } from './running-system.ts';

/** The bus of a running system, as a process beside it has it. */
export function joinedBus(
  system: RunningSystem,
): Readonly<{ bus: EventBus; stop: () => Promise<void> }> {
  const { bus, stop } = messageBus(parseConfig(standaloneConfig, system.environment), {
    clientId: 'beside',
    database: system.database,
    clock: systemClock(),
    logger: silentLogger,
  });
  return { bus, stop };
}
