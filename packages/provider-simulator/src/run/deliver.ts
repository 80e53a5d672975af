import { instant } from '@counterfoil/domain';
import type { Random } from '../random.ts';
import type { Step } from '../story.ts';
import { alteredInTransit } from './garbled-body.ts';
import type { SimulationOptions } from './simulation-options.ts';
import { providerTally, surprise, type Tally } from './tally.ts';
import type { ToldStory } from './told-story.ts';
import type { WebhookAnswer, WebhookClient } from './webhook-client.ts';

/** One attempt to deliver a body. `repeat`: it arrived before, and is sent once more. */
export type Attempt = Readonly<{
  told: ToldStory;
  step: Extract<Step, { body: string }>;
  body: Uint8Array;
  damage: 'none' | 'garbled' | 'in-transit';
  isRepeat: boolean;
  /** How many came before it. */
  retries: number;
}>;

/** What the provider makes of the answer. */
export type Verdict = 'arrived' | 'refused' | 'unanswered';

export type Deliverer = (attempt: Attempt) => Promise<Verdict>;

/** Delivers over HTTP as the provider signs, and notes what the answer says. */
export function deliverer(
  { adapters, clock }: Pick<SimulationOptions, 'adapters' | 'clock'>,
  client: WebhookClient,
  tally: Tally,
  random: Random,
): Deliverer {
  return async (attempt) => {
    const { told, step, damage } = attempt;
    const adapter = adapters.get(told.provider);
    if (!adapter) throw new Error(`${told.provider} has no credential.`);
    const sent = send(
      attempt,
      adapter.sign(attempt.body, instant(Math.floor(clock.now()))),
      random,
    );
    const startedAt = clock.monotonic();
    providerTally(tally, told.provider).deliveries += 1;
    let answer: WebhookAnswer;
    try {
      answer = await client.post(`/webhooks/${told.provider}`, sent.headers, sent.body);
    } catch (error) {
      surprise(tally, `${told.provider} got no answer: ${String(error)}`);
      return 'unanswered';
    }
    const isQuestion = step.kind === 'ask';
    const durationMs = clock.monotonic() - startedAt;
    (isQuestion ? tally.authorizationMs : tally.acknowledgementMs).push(durationMs);
    if (damage === 'in-transit') {
      if (answer.status === 401) return 'refused';
      surprise(tally, `${told.provider}: an altered body was answered ${answer.status}`);
      return 'arrived';
    }
    if (answer.status === 503) {
      providerTally(tally, told.provider).turnedAway += 1;
      return 'refused';
    }
    if (answer.status !== 200) {
      surprise(tally, `${told.provider} ${step.id}: answered ${answer.status}`);
      return 'refused';
    }
    if (isQuestion && adapter.authorizations) noteDecision(attempt, answer.body, durationMs, tally);
    else if (answer.body !== adapter.webhooks.acknowledgement.body)
      surprise(tally, `${told.provider} ${step.id}: acknowledged with ${answer.body}`);
    if (damage === 'none') told.told.add(step.id);
    return 'arrived';
  };
}

/** Where bodies are not signed, it is the credential that something on the way alters. */
function send(
  { told, body, damage }: Attempt,
  signed: Readonly<Record<string, string>>,
  random: Random,
): Readonly<{ headers: Readonly<Record<string, string>>; body: Uint8Array }> {
  if (damage !== 'in-transit') return { headers: signed, body };
  if (told.provider !== 'cryptomate')
    return { headers: signed, body: alteredInTransit(body, random) };
  const headers = Object.entries(signed).map(([name, value]) =>
    /key/i.test(name) ? [name, `${value}~`] : [name, value],
  );
  return { headers: Object.fromEntries(headers) as Record<string, string>, body };
}

/** CryptoMate's own: what comes later, it has declined. */
const decisionTimeoutMs = 1_200;
/** The system declines in doubt before its own deadline of 800 ms is over. */
const promptMs = 600;

function noteDecision(
  { told, damage, isRepeat }: Attempt,
  body: string,
  durationMs: number,
  tally: Tally,
): void {
  const decision = body === '{"response_code":"00"}' ? 'approved' : 'declined';
  if (damage === 'garbled') {
    told.decision = 'declined';
    if (decision === 'approved') surprise(tally, 'a question that nobody can read was approved');
    return;
  }
  // Either may be answered first; the two answers have to be the same.
  if (told.answer !== null && told.answer !== body)
    surprise(tally, `asked twice, the answers were ${told.answer} and ${body}`);
  told.answer = body;
  if (isRepeat) return;
  const counts = providerTally(tally, told.provider);
  counts[decision] += 1;
  const isTooLate = durationMs > decisionTimeoutMs;
  told.decision = isTooLate && decision === 'approved' ? 'too-late' : decision;
  const { expectedDecision, name } = told.story;
  const isInDoubt = decision === 'declined' && durationMs > promptMs;
  if (isTooLate || (isInDoubt && expectedDecision === 'approved')) counts.overdue += 1;
  else if (expectedDecision !== null && expectedDecision !== decision)
    surprise(tally, `${name} was ${decision}, and should have been ${expectedDecision}`);
}
