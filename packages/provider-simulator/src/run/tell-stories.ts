import { seededRandom } from '../random.ts';
import type { World } from '../simulated-world.ts';
import type { Step } from '../story.ts';
import type { ApiClient } from './api-client.ts';
import { type Attempt, deliverer } from './deliver.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { drawnFate } from './faults.ts';
import { garbledBody } from './garbled-body.ts';
import { retryWaitsMs, unansweredWaitsMs } from './retry-schedule.ts';
import type { SimulationOptions } from './simulation-options.ts';
import { providerTally, surprise, type Tally } from './tally.ts';
import { takeNextStep, type ToldStory, toldStory } from './told-story.ts';
import type { WebhookClient } from './webhook-client.ts';

/** Stories side by side: enough that those that wait for an answer hold up nobody. */
const activeStories = 96;
/** More unanswered deliveries than that mean that the system cannot follow: then we wait for it. */
const inFlightMax = 256;
/** Within so many seconds comes what is out of order, or comes again. */
const reorderedWithinSeconds = 3;
const repeatedWithinSeconds = 5;
const pauseMs = 2;
const stepsPerSlotMax = 200;

/** An order under the same id may be placed again: it is the same order. */
const orderTriesMax = 5;

/** Null when the order stands; else why not. */
async function placeOrder(
  api: ApiClient,
  step: Extract<Step, { kind: 'order' }>,
  triesLeft: number,
): Promise<string | null> {
  try {
    const { status, body } = await api.request('POST', `/v1/${step.path}`, step.order);
    if (status < 300) return null;
    if (status < 500 || triesLeft <= 1) return `${status} ${JSON.stringify(body)}`;
  } catch (error) {
    if (triesLeft <= 1) return String(error);
  }
  return placeOrder(api, step, triesLeft - 1);
}

/** Tells the stories of all worlds at the given rate; resolves when everything sent is answered. */
export async function tellStories(
  options: SimulationOptions,
  worlds: readonly World[],
  ports: Readonly<{ client: WebhookClient; api: ApiClient; tally: Tally }>,
): Promise<readonly ToldStory[]> {
  const { rate, seconds, faults, clock, signal, onProgress, timeFactor } = options;
  const { client, api, tally } = ports;
  const random = seededRandom(options.seed);
  const deliver = deliverer(options, client, tally, random);
  const queue = deliveryQueue<Attempt>();
  const all: ToldStory[] = [];
  const active: ToldStory[] = [];
  const counts = (told: ToldStory) => providerTally(tally, told.provider);
  let slot = 0;
  let inFlight = 0;

  const begin = (): ToldStory => {
    const world = worlds[all.length % worlds.length];
    if (!world) throw new Error('There is somebody to simulate.');
    const told = toldStory(world.story(Math.floor(all.length / worlds.length)));
    counts(told).stories += 1;
    all.push(told);
    return told;
  };

  const launch = (attempt: Attempt): void => {
    const { told, step } = attempt;
    inFlight += 1;
    if (step.kind === 'ask' && !attempt.isRepeat) told.isBusy = true;
    void deliver(attempt)
      .then((verdict) => {
        // A question is asked once: who gets no answer to it declines.
        if (verdict === 'arrived' || attempt.isRepeat) return;
        if (step.kind !== 'ask') retry(attempt, verdict);
        else told.decision = verdict === 'refused' ? 'declined' : 'too-late';
      })
      .catch((error: unknown) => surprise(tally, String(error)))
      .finally(() => {
        inFlight -= 1;
        if (step.kind === 'ask' && !attempt.isRepeat) told.isBusy = false;
      });
  };

  const retry = (attempt: Attempt, verdict: 'refused' | 'unanswered'): void => {
    const { told, retries } = attempt;
    const waitsMs = verdict === 'refused' ? retryWaitsMs[told.provider] : unansweredWaitsMs;
    const waitMs = waitsMs[retries];
    if (waitMs === undefined) {
      counts(told).givenUp += 1;
      return;
    }
    counts(told).retries += 1;
    const slots = Math.ceil(((waitMs / timeFactor) * rate) / 1_000);
    queue.add({ ...attempt, damage: 'none', retries: retries + 1 }, slot + slots);
  };

  const order = (told: ToldStory, step: Extract<Step, { kind: 'order' }>): void => {
    told.isBusy = true;
    inFlight += 1;
    void placeOrder(api, step, orderTriesMax)
      .then((refusal) => {
        if (refusal === null) told.told.add(step.id);
        else surprise(tally, `an order was not taken: ${refusal}`);
      })
      .finally(() => {
        inFlight -= 1;
        told.isBusy = false;
      });
  };

  /** What to send for a step now; null where nothing of it goes out in this slot. */
  const attemptOf = (told: ToldStory, step: Attempt['step']): Attempt | null => {
    const body = new TextEncoder().encode(step.body);
    const intact: Attempt = { told, step, body, damage: 'none', isRepeat: false, retries: 0 };
    const within = (seconds_: number) => slot + random.between(1, Math.ceil(seconds_ * rate));
    const fate = drawnFate(random, faults);
    // What never arrived cannot come again; a question is repeated only where it could be read.
    const isRepeatable = step.kind === 'ask' ? fate === 'plain' : fate !== 'lost';
    if (isRepeatable && random.happens(faults.duplicates)) {
      counts(told).duplicates += 1;
      queue.add({ ...intact, isRepeat: true }, within(repeatedWithinSeconds));
    }
    switch (fate) {
      case 'lost':
        counts(told).lost += 1;
        return null;
      case 'garbled': {
        const garbled = garbledBody(step.body, random);
        counts(told).garbled += 1;
        tally.garbled.push({ provider: told.provider, body: garbled });
        if (step.kind === 'tell') queue.add(intact, within(reorderedWithinSeconds));
        return { ...intact, body: garbled, damage: 'garbled' };
      }
      case 'in-transit':
        counts(told).alteredInTransit += 1;
        return { ...intact, damage: 'in-transit' };
      case 'reordered':
      case 'late':
        // A question keeps its place: what follows depends on the answer.
        if (step.kind === 'ask') return intact;
        counts(told)[fate] += 1;
        queue.add(
          intact,
          fate === 'late' ? Number.MAX_SAFE_INTEGER : within(reorderedWithinSeconds),
        );
        return null;
      case 'plain':
        return intact;
    }
  };

  const nextAttempt = (): Attempt | null => {
    for (let tries = 0; tries < stepsPerSlotMax; tries += 1) {
      if (active.length < activeStories) active.push(begin());
      const place = random.between(0, active.length - 1);
      const told = active[place];
      if (!told || told.isBusy) continue;
      const step = takeNextStep(told);
      if (step === null) active.splice(place, 1);
      else if (step.kind === 'order') order(told, step);
      else {
        const attempt = attemptOf(told, step);
        if (attempt) return attempt;
      }
    }
    return null;
  };

  const paced = async (take: () => Attempt | null, isOver: () => boolean): Promise<void> => {
    const startedAt = clock.monotonic();
    let taken = 0;
    while (!isOver()) {
      signal.throwIfAborted();
      const due = Math.floor(((clock.monotonic() - startedAt) * rate) / 1_000);
      while (taken < due && inFlight < inFlightMax && !isOver()) {
        taken += 1;
        const attempt = take();
        if (attempt) launch(attempt);
      }
      onProgress(`${all.length} stories, ${slot} deliveries due, ${inFlight} unanswered`);
      await clock.sleep(pauseMs, signal);
    }
  };

  const slots = Math.round(rate * seconds);
  await paced(
    () => {
      slot += 1;
      return queue.due(slot) ?? nextAttempt();
    },
    () => slot >= slots,
  );
  await paced(queue.next, () => queue.size() === 0 && inFlight === 0);
  return all;
}
