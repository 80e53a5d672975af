import { deliver, type DeliveryAnswer } from './deliver.ts';
import type { GeneratedDelivery } from './generated-deliveries.ts';

/** What a deliverer has seen: `attempts` without an answer or with another one than 200 were retried. */
export type Acknowledged = Readonly<{
  delivery: GeneratedDelivery;
  answer: DeliveryAnswer;
  attempts: number;
}>;

export type DelivererProgress = Readonly<{
  acknowledged: readonly Acknowledged[];
  /** By status; 0 counts attempts that got no answer at all. */
  refusals: ReadonlyMap<number, number>;
}>;

const retryAfterMs = 50;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Delivers as providers do: several at a time, each again and again until it is answered 200.
 * `onAcknowledged` is called at once after each acknowledgement; `pauseMs` lies between two
 * deliveries of one of them.
 */
export async function deliverUntilAcknowledged(
  url: string,
  deliveries: Iterable<GeneratedDelivery>,
  options: Readonly<{
    atOnce: number;
    pauseMs?: number;
    onAcknowledged?: (count: number) => void;
    signal?: AbortSignal;
  }>,
): Promise<DelivererProgress> {
  const acknowledged: Acknowledged[] = [];
  const refusals = new Map<number, number>();
  const queue = deliveries[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const delivery = next.value;
      for (let attempts = 1; ; attempts += 1) {
        options.signal?.throwIfAborted();
        const answer = await deliver(url, delivery.provider, delivery.body).catch(() => null);
        if (answer?.status === 200) {
          acknowledged.push({ delivery, answer, attempts });
          options.onAcknowledged?.(acknowledged.length);
          break;
        }
        const status = answer?.status ?? 0;
        refusals.set(status, (refusals.get(status) ?? 0) + 1);
        await sleep(retryAfterMs);
      }
      if (options.pauseMs !== undefined) await sleep(options.pauseMs);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  return { acknowledged, refusals };
}
