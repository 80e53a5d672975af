import { eventLog, runService } from '@counterfoil/adapters';
import { ensureModels, projectionOf } from '@counterfoil/read-models';
import { projectorConfig } from './config.ts';
import { projector } from './projector.ts';
import { requireWholeLog } from './require-whole-log.ts';

/** It has no endpoint that takes a body. */
const bodyLimitBytes = 1024;

await runService({
  service: 'projector',
  title: 'Counterfoil projector',
  definition: projectorConfig,
  bodyLimitBytes,
  compose: async ({ config, database, clock, logger, metrics, lifecycle }) => {
    const { store, migrations, stop } = eventLog(config, { database, clock, logger });
    const projections = config.PROJECTOR_MODELS.map((name) => projectionOf[name]);
    return {
      migrations,
      prepare: (prepared) => ensureModels(prepared, projections),
      start: async () => {
        await lifecycle.start('log', async () => ({ value: store, stop }));
        const signal = lifecycle.stopping;
        await requireWholeLog({ database, store, projections, clock, logger, signal });
        await lifecycle.start('projections', async () => {
          const running = projector({ store, database, clock, logger, metrics, projections });
          return { value: running, stop: running.stop };
        });
      },
    };
  },
});
