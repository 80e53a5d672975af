import type { ProviderName } from '@counterfoil/domain';
import type { SimulatedProvider } from '@counterfoil/provider-simulator';
import { readSample, samples } from '@counterfoil/providers/testing';
import { isSimulated, worldOf } from '../support/simulated-stories.ts';
import type { Corpus } from './mutate.ts';

/** Enough that every kind of story, in every dialect, is among them. */
const generatedStories = 150;

/** Every sample that is a delivery, and beside it generated ones where they can be made, as text. */
export function corpusOf(provider: ProviderName): Corpus {
  const documented = samples(provider)
    .filter(({ delivery }) => delivery)
    .map(({ path }) => new TextDecoder().decode(readSample(path)));
  const generated = isSimulated(provider) ? generatedBodies(provider) : [];
  const [first, ...others] = [...documented, ...generated].filter(isJson);
  if (first === undefined) throw new Error(`There is no body of ${provider}`);
  return [first, ...others];
}

function generatedBodies(provider: SimulatedProvider): readonly string[] {
  const { story } = worldOf(provider, 1);
  return Array.from({ length: generatedStories }, (_, index) =>
    story(index).steps.flatMap((step) => (step.kind === 'order' ? [] : [step.body])),
  ).flat();
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
