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

/**
 * Delivers as providers do: several at a time, each again and again until it is answered 200.
 * `onAcknowledged` is called at once after each acknowledgement.
 */
export async function deliverUntilAcknowledged(
  url: string,
  deliveries: readonly GeneratedDelivery[],
  options: Readonly<{
    atOnce: number;
    onAcknowledged?: (count: number) => void;
    signal?: AbortSignal;
  }>,
): Promise<DelivererProgress> {
  const acknowledged: Acknowledged[] = [];
  const refusals = new Map<number, number>();
  const queue = [...deliveries].reverse();
  const worker = async (): Promise<void> => {
    for (let delivery = queue.pop(); delivery; delivery = queue.pop()) {
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
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      }
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  return { acknowledged, refusals };
}
