import type { Fault } from './faulted-system.ts';

const processes = [
  'ingest-gateway',
  'authorizer',
  'ledger-writer-1',
  'ledger-writer-2',
  'projector',
  'query-api',
] as const;
const deliveriesBetween = 20;

export const killServices: Fault = {
  name: 'kill -9 of each process in turn',
  isShort: true,
  inject: async ({ cluster }, flow) => {
    for (const name of processes) {
      await cluster.killService(name);
      await flow.untilMore(deliveriesBetween);
    }
    return processes;
  },
};
