import type { ProviderName } from '@counterfoil/domain';
import type { SimulatedProvider } from '../simulated-provider.ts';
import type { ProviderAdapter } from '@counterfoil/providers';
import type { Clock } from '@counterfoil/runtime';
import type { FaultShares } from './faults.ts';

export type SimulationOptions = Readonly<{
  /** Where the system answers, and a key that may open accounts, place orders and read. */
  url: string;
  apiKey: string;
  /** They sign as the providers do, with the credentials that the system knows. */
  adapters: ReadonlyMap<ProviderName, ProviderAdapter>;
  providers: readonly SimulatedProvider[];
  /** Deliveries a second over all providers, and for how long. */
  rate: number;
  seconds: number;
  seed: number;
  /** Part of every id: nothing of two runs is the same. */
  run: string;
  faults: FaultShares;
  /** By how much the providers' waits before a retry are shortened. */
  timeFactor: number;
  clock: Clock;
  signal: AbortSignal;
  onProgress: (text: string) => void;
}>;
