import { postgresEventStore } from '@counterfoil/event-store';
import { providerConfig, providersFrom } from '@counterfoil/ingest-gateway';
import {
  simulate as runSimulation,
  type SimulatedProvider,
  simulatedProviders,
  type SimulationReport,
} from '@counterfoil/provider-simulator';
import { providerAdapters } from '@counterfoil/providers';
import { verify, type VerifyReport } from '@counterfoil/read-models';
import { type Database, parseConfig } from '@counterfoil/runtime';
import { withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';
import { checkVerify } from '../demo/checks.ts';
import { type Adapters, throwAwaySystem } from '../demo/throw-away-system.ts';
import { printSimulation } from './print-simulation.ts';

export type SimulateOptions = Readonly<{
  provider: 'all' | SimulatedProvider;
  rate: number;
  minutes: number;
  seed: number;
  run?: string;
  to?: string;
  apiKey?: string;
  duplicates: number;
  reordered: number;
  late: number;
  corrupt: number;
  lost: number;
  timeFactor: number;
  json?: boolean;
}>;

/** The system to play against: a running one, or one that is thrown away afterwards. */
type Target = Readonly<{
  url: string;
  apiKey: string;
  adapters: Adapters;
  /** Null where no database is known that could be verified. */
  verified: () => Promise<VerifyReport | null>;
}>;

/** Plays providers against a system and checks that its books equal what they did. */
export async function simulate(
  command: CommandEnvironment,
  options: SimulateOptions,
): Promise<void> {
  const { output } = command;
  if (options.to === undefined) {
    output.progress('starting the system on a throw-away database');
    const system = await throwAwaySystem(command);
    try {
      const { running, adapters } = system;
      await report(command, options, {
        url: running.url,
        apiKey: running.adminApiKey.key,
        adapters,
        verified: () => verifiedBooks(command, running.database),
      });
    } finally {
      output.progress('stopping, and removing the data');
      await system.stop();
      output.progress('');
    }
    return;
  }
  const apiKey = options.apiKey ?? command.environment['ADMIN_API_KEY'];
  if (apiKey === undefined) {
    output.aside('An API key is needed beside --to: --api-key, or ADMIN_API_KEY.');
    return command.fail(2);
  }
  const providers = providersFrom(parseConfig(providerConfig, command.environment));
  await report(command, options, {
    url: options.to,
    apiKey,
    adapters: providerAdapters(providers),
    verified: () =>
      command.environment['DATABASE_URL'] === undefined
        ? Promise.resolve(null)
        : withBooks(command, ({ database }) => verifiedBooks(command, database)),
  });
}

const verifiedBooks = ({ clock }: CommandEnvironment, database: Database): Promise<VerifyReport> =>
  verify({ database, store: postgresEventStore({ database, clock }) });

async function report(
  command: CommandEnvironment,
  options: SimulateOptions,
  target: Target,
): Promise<void> {
  const { output, clock, signal } = command;
  const wanted = options.provider === 'all' ? simulatedProviders : [options.provider];
  const without = wanted.filter((provider) => !target.adapters.has(provider));
  if (without.length > 0) {
    output.aside(`No credential in the environment for ${without.join(', ')}.`);
    return command.fail(2);
  }
  const share = (percent: number) => percent / 100;
  const simulation = await runSimulation({
    url: target.url,
    apiKey: target.apiKey,
    adapters: target.adapters,
    providers: wanted,
    rate: options.rate,
    seconds: options.minutes * 60,
    seed: options.seed,
    run: options.run ?? clock.randomId().slice(0, 8),
    faults: {
      duplicates: share(options.duplicates),
      reordered: share(options.reordered),
      late: share(options.late),
      corrupt: share(options.corrupt),
      lost: share(options.lost),
    },
    timeFactor: options.timeFactor,
    clock,
    signal,
    onProgress: output.progress,
  });
  output.progress('deriving the books from the log again');
  const verified = await target.verified();
  const checks = [...simulation.checks, ...(verified ? [checkVerify(verified)] : [])];
  const ok = checks.every((check) => check.ok);
  const all: SimulationReport = { ...simulation, checks };
  if (options.json) output.json({ ok, ...all });
  else printSimulation(output, all);
  if (!ok) command.fail(1);
}
