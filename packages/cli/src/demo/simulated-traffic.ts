import {
  type Check,
  simulate,
  simulatedProviders,
  type SimulationReport,
} from '@counterfoil/provider-simulator';
import type { CommandEnvironment } from '../command-environment.ts';
import type { ThrowAwaySystem } from './throw-away-system.ts';

/** Long enough for every kind of story and every mishap, short enough to be waited for. */
const stretch = {
  rate: 100,
  seconds: 4,
  seed: 7,
  // The database is new, so every demo may use the same ids.
  run: 'demo',
  faults: { duplicates: 0.1, reordered: 0.1, late: 0.03, corrupt: 0.04, lost: 0.01 },
  timeFactor: 100,
} as const;

/** All four providers at once, with customers of their own, while nobody else is served. */
export const simulatedTraffic = (
  { clock, signal, output }: CommandEnvironment,
  { running, adapters }: ThrowAwaySystem,
): Promise<SimulationReport> =>
  simulate({
    ...stretch,
    url: running.url,
    apiKey: running.adminApiKey.key,
    adapters,
    providers: simulatedProviders,
    clock,
    signal,
    onProgress: (text) => output.progress(`simulated traffic: ${text}`),
  });

/** What the simulator found: the answers, the books beside its prediction, the quarantine. */
export const checkSimulation = ({ checks }: SimulationReport): readonly Check[] =>
  checks.map((check) => ({ ...check, name: `simulated traffic: ${check.name}` }));
