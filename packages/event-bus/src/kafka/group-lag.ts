import type { Admin } from 'kafkajs';
import { decodeProgress, lagBehind, type Progress } from './committed-progress.ts';

/** How far a group has come, by partition; without those where it never committed. */
export async function recallProgress(
  client: Admin,
  topic: string,
  groupId: string,
): Promise<ReadonlyMap<number, Progress>> {
  const [answer] = await client.fetchOffsets({ groupId, topics: [topic] });
  const known = new Map<number, Progress>();
  for (const { partition, offset, metadata } of answer?.partitions ?? []) {
    const progress = decodeProgress(offset, metadata);
    if (progress) known.set(partition, progress);
  }
  return known;
}

/** Messages that a group has not done, over all partitions, as far as it has committed. */
export async function groupLag(client: Admin, topic: string, groupId: string): Promise<number> {
  // First how far it is, then where the log ends: an answer too high corrects itself, one too low
  // would say that nothing is left.
  const known = await recallProgress(client, topic, groupId);
  const heads = await client.fetchTopicOffsets(topic);
  return heads.reduce((sum, { partition, low, high }) => {
    const log = { start: BigInt(low), head: BigInt(high) };
    return sum + lagBehind(known.get(partition) ?? null, log);
  }, 0);
}
