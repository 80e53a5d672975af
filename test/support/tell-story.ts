import { type Story } from '@counterfoil/cli';
import { readSample } from '@counterfoil/providers/testing';
import { deliver } from './deliver.ts';
import type { HttpApi } from './http-api.ts';

/** Where a story can be told: a gateway, and the API of the same books. */
export type Listener = Readonly<{ url: string; api: HttpApi }>;

/** One step of a story over HTTP. Resolves to the answer's body, or to null for an order of ours. */
export async function tellStep(
  { url, api }: Listener,
  story: Story,
  index: number,
): Promise<string | null> {
  const step = story.steps[index];
  if (!step) throw new Error(`${story.folder} has no step ${index}`);
  if (step.order) {
    await api.post(`/v1/${step.order}`, step.body);
    return null;
  }
  const answer = await deliver(url, story.provider, readSample(`${story.folder}/${step.deliver}`));
  if (answer.status !== 200) throw new Error(`${step.deliver}: ${answer.status} ${answer.body}`);
  return answer.body;
}
