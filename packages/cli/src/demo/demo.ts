import { postgresEventStore } from '@counterfoil/event-store';
import { latencyOf } from '@counterfoil/provider-simulator';
import { verify } from '@counterfoil/read-models';
import type { CommandEnvironment } from '../command-environment.ts';
import { apiClient } from './api-client.ts';
import { untilCaughtUp } from './caught-up.ts';
import { checkAnswers, checkArchive, checkBooks, checkCaughtUp, checkVerify } from './checks.ts';
import { type Delivered, deliverAll } from './deliver.ts';
import { deliveryPlan } from './delivery-plan.ts';
import type { DemoReport } from './demo-report.ts';
import { expectations } from './expectations.ts';
import { countDeliveries, gatherBooks } from './gather-books.ts';
import { lookAround } from './look-around.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { printReport } from './print-report.ts';
import { sampleStories } from './sample-stories.ts';
import { checkSimulation, simulatedTraffic } from './simulated-traffic.ts';
import { type ThrowAwaySystem, throwAwaySystem } from './throw-away-system.ts';

export type DemoOptions = Readonly<{ once?: boolean; json?: boolean }>;

/** As a shell reports a command that Ctrl-C ended. */
const interruptedExitCode = 130;

/**
 * The main job, visibly: a system with an empty database is told the stories of all four providers
 * over HTTP, and what it says afterwards is checked. Whatever happens, nothing of it is left behind.
 */
export async function demo(command: CommandEnvironment, options: DemoOptions): Promise<void> {
  const { output, signal } = command;
  output.progress('starting the system on a throw-away database');
  const system = await throwAwaySystem(command);
  try {
    const report = await tell(command, system);
    if (options.json) output.json(report);
    else printReport(output, report);
    if (!report.ok) command.fail(1);
    if (options.once) return;
    for (const line of lookAround(system.running))
      if (options.json) output.aside(line);
      else output.line(line);
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    command.fail(interruptedExitCode);
  } finally {
    output.progress('stopping, and removing the data');
    await system.stop();
    output.progress('');
  }
}

/** Tells the stories and reports what came of them. */
async function tell(command: CommandEnvironment, system: ThrowAwaySystem): Promise<DemoReport> {
  const { output, clock } = command;
  const { running, adapters, forgers } = system;
  const { url, database } = running;
  const api = apiClient(url, running.adminApiKey.key);
  const stories = sampleStories();
  output.progress('opening accounts, posting starting money, placing orders');
  await prepareAccounts(api, stories);
  const target = { url, api, adapters, forgers };
  const delivered = await deliverAll(command, target, deliveryPlan(stories));
  const caughtUp = await untilCaughtUp(command, api);
  const books = await gatherBooks(api, caughtUp.position);
  const providers = await countDeliveries(api, delivered);
  const simulation = await simulatedTraffic(command, system);
  output.progress('deriving the books from the log again');
  const verified = await verify({ database, store: postgresEventStore({ database, clock }) });
  const checks = [
    ...checkAnswers(delivered),
    ...checkArchive(delivered, providers),
    checkCaughtUp(caughtUp),
    ...checkBooks(books, expectations()),
    ...checkSimulation(simulation),
    checkVerify(verified),
  ];
  return {
    ok: checks.every(({ ok }) => ok),
    providers,
    ...books,
    latency: latencies(delivered),
    simulation,
    verify: { events: verified.events, drift: verified.drift },
    checks,
  };
}

function latencies(delivered: readonly Delivered[]): DemoReport['latency'] {
  const durations = (isWanted: (delivery: Delivered) => boolean) =>
    latencyOf(delivered.filter(isWanted).map(({ durationMs }) => durationMs));
  return {
    acknowledgementMs: durations(
      ({ credential, decision }) => credential === 'right' && decision === null,
    ),
    authorizationMs: durations(({ decision }) => decision !== null),
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
