import type { Clock, Environment, Logger, SignalSource } from '@counterfoil/runtime';
import type { Output } from './output.ts';

/** What every command works with; tests give their own. */
export type CommandEnvironment = Readonly<{
  environment: Environment;
  clock: Clock;
  logger: Logger;
  output: Output;
  /** Aborts when the person wants to stop. */
  signal: AbortSignal;
  /** The same wish as a signal of the process, for a command that ends the process itself. */
  signals: SignalSource;
  /** The exit code of a command that ended in order, but not well. */
  fail: (exitCode: number) => void;
}>;
