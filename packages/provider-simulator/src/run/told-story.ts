import type { SimulatedProvider } from '../simulated-provider.ts';
import type { Happened, Step, Story } from '../story.ts';

/** A story that is being told, and what of it has reached the system. */
export type ToldStory = {
  readonly story: Story;
  readonly provider: SimulatedProvider;
  readonly told: Set<string>;
  /** The system's answer, where it was asked and understood the question. */
  decision: Happened['decision'];
  /** The exact answer: asked again, the system has to give it again. */
  answer: string | null;
  next: number;
  /** While a question or an order waits for its answer nothing else of the story is told. */
  isBusy: boolean;
};

export const toldStory = (story: Story): ToldStory => ({
  story,
  provider: story.provider,
  told: new Set(),
  decision: null,
  answer: null,
  next: 0,
  isBusy: false,
});

/** The next step, past those that another decision would have called for; null at the end. */
export function takeNextStep(told: ToldStory): Step | null {
  for (;;) {
    const step = told.story.steps[told.next];
    if (!step) return null;
    told.next += 1;
    const heard = told.decision === 'too-late' ? 'declined' : told.decision;
    if (step.kind !== 'tell' || step.after === null || step.after === heard) return step;
  }
}
