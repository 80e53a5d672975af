import { acknowledgementOf, deliver, type DeliveryAnswer } from '../support/deliver.ts';
import { readSample, type Sample, samples } from '@counterfoil/providers/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { type ArchivedWebhook, type WebhookSummary } from '../support/inbound-webhook.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';
import { driftOf } from '../support/drift.ts';

const setUpTimeoutMs = 120_000;

const deliveries = samples().filter(({ delivery }) => delivery);

/** Why each sample that is authentic but not understood lies in quarantine. */
const quarantineCodes: Readonly<Record<string, string>> = {
  'cryptomate/treasury-deposit-finished.json': 'field-missing',
  'cryptomate/treasury-deposit-success.json': 'field-missing',
  'cryptomate/constructed/a/cards-authorization-success.json': 'status-unknown',
  'cryptomate/constructed/b/cards-authorization-pending-early-names.json': 'field-missing',
  'cryptomate/constructed/c/cards-authorization-pending-currency-mismatch.json':
    'currency-mismatch',
  'cryptomate/constructed/c/cards-card-unblocked-success.json': 'type-unknown',
  'cryptomate/constructed/c/cards-cleared-missing-status.json': 'field-missing',
  'cryptomate/constructed/c/cards-deposit-success-unlisted-token.json': 'token-unlisted',
  'cryptofuse/constructed/g0/payment-status-updated-confirming.json': 'dialect-retired',
  'cryptofuse/constructed/g1/payment-all.json': 'type-unknown',
  'cryptofuse/constructed/g1/payment-completed-without-amount.json': 'field-missing',
  '4pay/constructed/flat/account-transaction-unknown-type-completed.json': 'type-unknown',
  '4pay/constructed/flat/card-transaction-unknown-status.json': 'status-unknown',
  'calypso/constructed/invoice-create-invoice-unknown-currency.json': 'asset-unknown',
  'calypso/constructed/payout-change-status-draft.json': 'status-unknown',
  'calypso/constructed/payout-speeded-up.json': 'dialect-retired',
  'calypso/constructed/recurrent-unknown-event.json': 'type-unknown',
  'standard/constructed/amount-as-number.json': 'field-malformed',
  'standard/constructed/authorization-requested.json': 'type-unknown',
  'standard/constructed/deposit-contradicts-itself.json': 'field-malformed',
  'standard/constructed/owner-of-another-provider.json': 'field-malformed',
};

type Outcome = Readonly<{ answer: DeliveryAnswer; webhook: ArchivedWebhook }>;

let system: RunningSystem;
let archived: readonly WebhookSummary[] = [];
const outcomes = new Map<string, Outcome>();

/** One after the other, as a provider's queue would: duplicates and variants need their first. */
beforeAll(async () => {
  system = await runningSystem();
  await openSampleAccounts(system.api);
  // More than any purchase of the samples, so that every request of a known card is approved.
  for (const holder of ['holder-1', 'holder-2', 'holder-3', 'holder-4'])
    await fundAccount(system.api, { accountId: holder, asset: 'USD', amount: '100000' });
  const answers: DeliveryAnswer[] = [];
  for (const { path, provider } of deliveries)
    answers.push(await deliver(system.url, provider, readSample(path)));
  await untilAtRest(system.database);
  archived = await system.api.list<WebhookSummary>('/v1/inbound-webhooks');
  const oldestFirst = [...archived].reverse();
  await Promise.all(
    deliveries.map(async ({ path }, index) => {
      const [answer, summary] = [answers[index], oldestFirst[index]];
      if (!answer || !summary) throw new Error(`${path} is not in the archive`);
      const webhook = await system.api.get<ArchivedWebhook>(`/v1/inbound-webhooks/${summary.id}`);
      outcomes.set(path, { answer, webhook });
    }),
  );
}, setUpTimeoutMs);

afterAll(() => system?.stop());

const expectedStatus = (sample: Sample): string => {
  if (sample.quarantined) return 'quarantined';
  if (sample.duplicateOf !== undefined) return 'duplicate';
  return sample.variantOf === undefined ? 'processed' : 'variant';
};

/** A repeat of a request gets the answer of the first; where funds decide, there are enough. */
function expectedAnswer(sample: Sample): string {
  const { answer, emits, duplicateOf, provider } = sample;
  if (duplicateOf !== undefined) return outcomeOf(duplicateOf).answer.body;
  const code = answer?.[0] ?? (emits.includes('AuthorizationRequested') ? '00' : null);
  return code === null ? acknowledgementOf(provider) : JSON.stringify({ response_code: code });
}

function outcomeOf(path: string): Outcome {
  const outcome = outcomes.get(path);
  if (!outcome) throw new Error(`${path} was not delivered`);
  return outcome;
}

describe('each sample, delivered over HTTP, has the outcome that is written beside it', () => {
  test.each(deliveries.map((sample) => [sample.path, sample] as const))('%s', (path, sample) => {
    const { answer, webhook } = outcomeOf(path);
    expect(answer).toEqual({ status: 200, body: expectedAnswer(sample) });
    expect(webhook).toMatchObject({ provider: sample.provider, status: expectedStatus(sample) });
    expect(webhook.reason?.code).toBe(quarantineCodes[path]);
    expect(webhook.canonicalEvents.map(({ type }) => type)).toEqual(
      sample.duplicateOf === undefined ? sample.emits : [],
    );
  });
});

test('every canonical event leaves a recorded event, and nothing else does', () => {
  for (const { path } of deliveries) {
    const { canonicalEvents, recordedEvents } = outcomeOf(path).webhook;
    expect(recordedEvents.length > 0, path).toBe(canonicalEvents.length > 0);
  }
});

test('the archive keeps the exact bytes of every sample', () => {
  for (const { path } of deliveries) {
    const { body, bodyEncoding } = outcomeOf(path).webhook;
    expect(Buffer.from(body, bodyEncoding).equals(readSample(path)), path).toBe(true);
  }
});

test('the archive holds the deliveries and nothing more', () => {
  expect(archived).toHaveLength(deliveries.length);
});

test('the read models say what the log says', async () => {
  expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
});
