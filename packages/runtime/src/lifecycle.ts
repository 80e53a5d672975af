import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

export type Started<Value> = Readonly<{ value: Value; stop: () => Promise<void> }>;

/** What a process is made of, started one after another and stopped the other way round. */
export interface Lifecycle {
  /**
   * Starts one part; its `stop` is called when the process stops. When starting throws, the parts
   * before it are stopped and the error is thrown on.
   */
  readonly start: <Value>(name: string, begin: () => Promise<Started<Value>>) => Promise<Value>;
  /**
   * Stops every part in reverse order of start. A part that is just starting is waited for, and
   * stopped as soon as it has started: it may be a process of its own by then. A part that takes longer than `partTimeoutMs` is
   * left behind, one that fails is logged. Resolves to false when either happened; never rejects.
   */
  readonly stop: (reason: string) => Promise<boolean>;
  /** Aborts as soon as stopping begins. */
  readonly stopping: AbortSignal;
}

export function lifecycle(
  options: Readonly<{ clock: Clock; logger: Logger; partTimeoutMs?: number }>,
): Lifecycle {
  const parts: Part[] = [];
  const starting = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  let stopped: Promise<boolean> | null = null;

  const stop = (reason: string): Promise<boolean> => {
    stopped ??= stopParts(parts, starting, reason, options);
    stopping.abort();
    return stopped;
  };

  return {
    stop,
    stopping: stopping.signal,
    start: async (name, begin) => {
      if (stopped) throw new Error(`${name} was not started: the process is stopping`);
      const beginning = (async () => {
        const started = await begin();
        if (stopping.signal.aborted) {
          await started.stop();
          throw new Error(`${name} was stopped at once: the process is stopping`);
        }
        parts.push({ name, stop: started.stop });
        return started.value;
      })();
      starting.add(beginning);
      try {
        return await beginning;
      } catch (error) {
        await stop(`${name} did not start`);
        throw error;
      } finally {
        starting.delete(beginning);
      }
    },
  };
}

/** Work that goes on until its signal aborts, as a part of a process. */
export async function untilStopped(
  work: (signal: AbortSignal) => Promise<void>,
): Promise<Started<null>> {
  const stopping = new AbortController();
  const working = work(stopping.signal);
  return {
    value: null,
    stop: () => {
      stopping.abort();
      return working;
    },
  };
}

type Part = Readonly<{ name: string; stop: () => Promise<void> }>;

/** Longer than a batch in hand takes; a supervisor kills a process after thirty seconds. */
const defaultPartTimeoutMs = 5_000;

async function stopParts(
  parts: Part[],
  starting: ReadonlySet<Promise<unknown>>,
  reason: string,
  options: Readonly<{ clock: Clock; logger: Logger; partTimeoutMs?: number }>,
): Promise<boolean> {
  options.logger.info('stopping', { reason });
  let isClean = true;
  for (const beginning of starting) {
    const stop = () => beginning.then(ignored, ignored);
    if (!(await stopPart({ name: 'a part that was starting', stop }, options))) isClean = false;
  }
  for (let part = parts.pop(); part; part = parts.pop())
    if (!(await stopPart(part, options))) isClean = false;
  options.logger.info('stopped', { isClean });
  return isClean;
}

/** Whoever starts the part is told how that ended. */
const ignored = () => {};

async function stopPart(
  part: Part,
  options: Readonly<{ clock: Clock; logger: Logger; partTimeoutMs?: number }>,
): Promise<boolean> {
  const timeoutMs = options.partTimeoutMs ?? defaultPartTimeoutMs;
  const done = new AbortController();
  const work = part.stop().then(
    () => 'stopped' as const,
    (error: unknown) => {
      options.logger.error('a part failed to stop', { part: part.name, error });
      return 'failed' as const;
    },
  );
  const late = options.clock.sleep(timeoutMs, done.signal).then(() => 'late' as const);
  const outcome = await Promise.race([work, late]);
  done.abort();
  if (outcome === 'late')
    options.logger.error('a part did not stop in time', { part: part.name, timeoutMs });
  return outcome === 'stopped';
}
