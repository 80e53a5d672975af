import type { Fault } from './faulted-system.ts';

const deliveriesBetween = 20;

export const killServices: Fault = {
  name: 'kill -9 of each process in turn',
  isShort: true,
  inject: async ({ cluster }, flow) => {
    const processes = cluster.processNames();
    for (const name of processes) {
      await cluster.killService(name);
      await flow.untilMore(deliveriesBetween);
    }
    return processes;
  },
};
