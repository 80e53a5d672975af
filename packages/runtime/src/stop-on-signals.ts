import type { Clock } from './clock.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';

/** What of `process` is used: a test gives its own. */
export type SignalSource = Readonly<{
  on: (signal: 'SIGTERM' | 'SIGINT', listener: () => void) => unknown;
  exit: (code: number) => void;
}>;

/** Below the thirty seconds after which Kubernetes kills. */
const defaultHardTimeoutMs = 25_000;

/**
 * The first SIGTERM or SIGINT stops the process in order and exits, 0 when all parts stopped
 * cleanly; a second one, or `hardTimeoutMs`, ends it at once with 1.
 */
export function stopOnSignals(
  lifecycle: Lifecycle,
  options: Readonly<{
    clock: Clock;
    logger: Logger;
    hardTimeoutMs?: number;
    source?: SignalSource;
  }>,
): void {
  const source = options.source ?? process;
  let isStopping = false;
  const onSignal = (signal: string) => {
    if (isStopping) {
      options.logger.warn('stopping at once', { signal });
      source.exit(1);
      return;
    }
    isStopping = true;
    const hardTimeoutMs = options.hardTimeoutMs ?? defaultHardTimeoutMs;
    void options.clock.sleep(hardTimeoutMs).then(() => {
      options.logger.error('did not stop in time', { hardTimeoutMs });
      source.exit(1);
    });
    void lifecycle.stop(signal).then((isClean) => source.exit(isClean ? 0 : 1));
  };
  source.on('SIGTERM', () => onSignal('SIGTERM'));
  source.on('SIGINT', () => onSignal('SIGINT'));
}
