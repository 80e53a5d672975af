import type { SimulatedProvider } from '@counterfoil/provider-simulator';
import { readSample, samples } from '@counterfoil/providers/testing';
import { worldOf } from '../support/simulated-stories.ts';
import type { Corpus } from './mutate.ts';

/** Enough that every kind of story, in every dialect, is among them. */
const generatedStories = 150;

/** Every sample that is a delivery, and generated ones beside it, as text. */
export function corpusOf(provider: SimulatedProvider): Corpus {
  const documented = samples(provider)
    .filter(({ delivery }) => delivery)
    .map(({ path }) => new TextDecoder().decode(readSample(path)));
  const { story } = worldOf(provider, 1);
  const generated = Array.from({ length: generatedStories }, (_, index) =>
    story(index).steps.flatMap((step) => (step.kind === 'order' ? [] : [step.body])),
  ).flat();
  const [first, ...others] = [...documented, ...generated].filter(isJson);
  if (first === undefined) throw new Error(`There is no body of ${provider}`);
  return [first, ...others];
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
