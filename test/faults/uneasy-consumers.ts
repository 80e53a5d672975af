import { fileURLToPath } from 'node:url';
import { childSystem, freePort, untilReady } from '../support/child-system.ts';
import type { Fault } from './faulted-system.ts';

const ledgerWriterMain = fileURLToPath(
  new URL('../../services/ledger-writer/dist/main.js', import.meta.url),
);
/** Beyond the 15 s after which a group gives a silent member's keys to the others. */
const pauseMs = 25_000;
const deliveriesBetween = 30;

export const consumerPaused: Fault = {
  name: 'a ledger-writer stood still for longer than its session',
  inject: async ({ cluster }, flow) => {
    const { pid } = cluster.processOf('ledger-writer-2');
    process.kill(pid, 'SIGSTOP');
    try {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      await flow.untilMore(1);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    return [];
  },
};

export const rebalanced: Fault = {
  name: 'a third ledger-writer joined and left, joined and was killed',
  inject: async ({ environment }, flow) => {
    for (const end of ['terminate', 'kill'] as const) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const third = childSystem({ ...environment, PORT: String(port) }, [], ledgerWriterMain);
      try {
        await untilReady(url, third);
        await untilItRecords(url, () => flow.untilMore(deliveriesBetween));
      } finally {
        await third[end]();
      }
    }
    return [];
  },
};

const roundsMax = 60;

/** Else it had no part in the work, and its end would mean nothing. */
async function untilItRecords(url: string, meanwhile: () => Promise<void>): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    await meanwhile();
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/^counterfoil_canonical_events_recorded_total\{.*\} [1-9]/m.test(metrics)) return;
  }
  throw new Error('The third ledger-writer was given nothing to record');
}
