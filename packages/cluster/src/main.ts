import {
  ConfigError,
  jsonLogger,
  lifecycle,
  readEnvironment,
  systemClock,
} from '@counterfoil/runtime';
import { cluster, type RunningCluster } from './cluster.ts';

/** npm and a terminal give one Ctrl-C twice: what follows within this time is the same. */
const sameInterruptMs = 1_000;
/** Each service ends itself within 25 s. */
const partTimeoutMs = 30_000;

const clock = systemClock();
const logger = jsonLogger({ service: 'cluster', level: 'warn', destination: process.stderr });
const parts = lifecycle({ clock, logger, partTimeoutMs });
const write = (line: string): void => void process.stdout.write(`${line}\n`);
let running: RunningCluster | null = null;
let interruptedAt: number | null = null;

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interruptedAt !== null && clock.monotonic() - interruptedAt < sameInterruptMs) return;
    if (interruptedAt !== null) {
      running?.kill();
      process.exit(1);
    }
    interruptedAt = clock.monotonic();
    void parts.stop(signal).then((isClean) => process.exit(isClean ? 0 : 1));
  });

try {
  running = await cluster({
    environment: readEnvironment(),
    clock,
    logger,
    lifecycle: parts,
    write,
    isColoured: process.stdout.isTTY,
  });
  if (!parts.stopping.aborted) write(`ready: gateway ${running.gatewayUrl}, api ${running.apiUrl}`);
} catch (error) {
  // Whoever interrupted the start knows why it did not come to its end.
  if (!parts.stopping.aborted) {
    const text = error instanceof ConfigError ? error.message : String(error);
    process.stderr.write(`${text}\n`);
  }
  await parts.stop('the start failed');
  process.exit(interruptedAt === null ? 1 : 0);
}
