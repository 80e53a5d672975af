import type { ProviderName } from '@counterfoil/domain';
import { deliveriesBesideStories } from './deliveries-beside-stories.ts';
import type { Story, StoryStep } from './sample-stories.ts';

/** Money that must be there before the provider may ask for it. */
export type Funds = Readonly<{ accountId: string; asset: string; available: string }>;

/**
 * One request to a webhook URL. `isRepeat`: its bytes were delivered before. `isLate`: in the
 * provider's own order it would have come before another one that was delivered already.
 */
export type PlannedDelivery = Readonly<{
  provider: ProviderName;
  /** The body, below the samples folder. */
  path: string;
  credential: 'right' | 'wrong' | 'missing';
  /** The decision that the provider waits for; null where an acknowledgement is all. */
  decision: string | null;
  funds: Funds | null;
  isRepeat: boolean;
  isLate: boolean;
  isQuarantined: boolean;
}>;

const everyLate = 3;
const everyRepeated = 4;
/** A provider that missed our answer tries again after a while. */
const repeatedAfter = 5;

/**
 * What is delivered in which order: the stories side by side, each told in its order but for some
 * deliveries that come late; a fixed share comes twice, and forged and unreadable ones in between.
 */
export function deliveryPlan(stories: readonly Story[]): readonly PlannedDelivery[] {
  const told = interleaved(stories.map(toldStory));
  return spreadAmong(withRepeats(told), deliveriesBesideStories);
}

/** Only what comes after the last request may be late: a request is a question that needs its facts. */
function toldStory(story: Story): readonly PlannedDelivery[] {
  const lastRequest = story.steps.findLastIndex(({ expect }) => expect !== undefined);
  const mayBeLate = story.firstStands !== true;
  const told: PlannedDelivery[] = [];
  const late: PlannedDelivery[] = [];
  for (const [index, step] of story.steps.entries()) {
    if (step.deliver === undefined) continue;
    const isLast = index === story.steps.length - 1;
    const isLate = mayBeLate && !isLast && index > lastRequest && index % everyLate === 1;
    (isLate ? late : told).push({
      provider: story.provider,
      path: `${story.folder}/${step.deliver}`,
      credential: 'right',
      decision: step.expect?.response_code ?? null,
      funds: step.expect ? fundsBefore(story.steps[index - 1]) : null,
      isRepeat: false,
      isLate,
      isQuarantined: false,
    });
  }
  return [...told, ...late];
}

function fundsBefore(step: StoryStep | undefined): Funds | null {
  for (const [accountId, byAsset] of Object.entries(step?.books ?? {}))
    for (const [asset, { available }] of Object.entries(byAsset))
      return { accountId, asset, available };
  return null;
}

function interleaved(told: readonly (readonly PlannedDelivery[])[]): readonly PlannedDelivery[] {
  const longest = Math.max(0, ...told.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) =>
    told.flatMap((deliveries) => deliveries.slice(place, place + 1)),
  ).flat();
}

function withRepeats(deliveries: readonly PlannedDelivery[]): readonly PlannedDelivery[] {
  const repeated = deliveries.map((delivery, index) =>
    index % everyRepeated === 0 ? { ...delivery, isRepeat: true, funds: null } : null,
  );
  return [
    ...deliveries.flatMap((delivery, index) => {
      const repeat = repeated[index - repeatedAfter] ?? null;
      return repeat ? [delivery, repeat] : [delivery];
    }),
    ...repeated.slice(-repeatedAfter).filter((repeat) => repeat !== null),
  ];
}

function spreadAmong(
  deliveries: readonly PlannedDelivery[],
  others: readonly PlannedDelivery[],
): readonly PlannedDelivery[] {
  const every = Math.max(1, Math.floor(deliveries.length / (others.length + 1)));
  const spread = deliveries.flatMap((delivery, index) => {
    const other = (index + 1) % every === 0 ? others[(index + 1) / every - 1] : undefined;
    return other ? [delivery, other] : [delivery];
  });
  const placed = Math.floor(deliveries.length / every);
  return [...spread, ...others.slice(placed)];
}
