import type { AllStreamSubscription, Position } from '@eventstore/db-client';
import { backoffMs, chanceOf, type Clock, type Logger } from '@counterfoil/runtime';
import { isOverrun } from './call-fault.ts';
import type { Connection } from './connection.ts';

export interface LiveSignal {
  /** Follows the log from its end on, if it does not yet. */
  readonly start: () => void;
  /** False while the subscription is broken: then somebody has to ask. */
  readonly isLive: () => boolean;
  readonly close: () => Promise<void>;
}

export type LiveSignalOptions = Readonly<{
  connection: Connection;
  clock: Clock;
  logger: Logger;
  prefix: string;
  onEvent: () => void;
}>;

const backoff = { delayMsFirst: 50, delayMsMax: 2_000 };

/**
 * One catch-up subscription that tells when something of ours was appended. It ends for good with
 * every lost connection, and servers up to 23.10 end it when a burst overruns it, which is their
 * normal way under load. A new one goes on behind the last event or checkpoint that the old one
 * gave. "Caught up" may come any number of times and means nothing here.
 */
export function liveSignal(options: LiveSignalOptions): LiveSignal {
  const { connection, clock, logger, prefix, onEvent } = options;
  const stop = new AbortController();
  let from: Position | 'end' = 'end';
  let isLive = false;
  let faults = 0;
  let isStarted = false;
  let current: AllStreamSubscription | null = null;

  /** Resolves with what ended the subscription. */
  const followOnce = (): Promise<unknown> =>
    new Promise((resolve) => {
      const onCheckpoint = (position: Position) => {
        from = position;
      };
      const subscription = connection.subscribe({ prefix, after: from, onCheckpoint });
      current = subscription;
      subscription.on('confirmation', () => {
        isLive = true;
        // Between the last subscription and this one anything may have been appended.
        onEvent();
      });
      subscription.on('data', ({ event }) => {
        if (event !== undefined) from = event.position;
        faults = 0;
        onEvent();
      });
      subscription.on('error', resolve);
      subscription.on('end', () => resolve(null));
      subscription.on('close', () => resolve(null));
    });

  const follow = async () => {
    while (!stop.signal.aborted) {
      const error = await followOnce().catch((fault: unknown) => fault);
      isLive = false;
      if (stop.signal.aborted) return;
      faults += 1;
      const what = { attempt: faults, error };
      if (isOverrun(error)) logger.debug('a burst overran the live subscription', what);
      else logger.warn('the live subscription ended; subscribing again', what);
      // Overrun once, it goes on at once: the readers are behind already.
      if (faults > 1 || !isOverrun(error))
        await clock.sleep(backoffMs(backoff, faults, chanceOf(clock)), stop.signal);
    }
  };

  return {
    start: () => {
      if (!isStarted) void follow();
      isStarted = true;
    },
    isLive: () => isLive,
    close: async () => {
      stop.abort();
      isLive = false;
      await current?.unsubscribe().catch(() => {});
    },
  };
}
