import {
  type CanonicalEvent,
  instant,
  type Money,
  moneyText,
  parseAmount,
  referenceKey,
} from '@counterfoil/domain';
import fc from 'fast-check';
import { isLosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import type {
  AuthorizationDecision,
  ProviderAdapter,
  QuarantineCode,
} from '../provider-adapter.ts';
import { sha256 } from '../wire/exact-json.ts';
import {
  exactNumber,
  leavesOf,
  malformedBodies,
  parsedBody,
  withMember,
  withOtherLayout,
  withValue,
} from './altered-body.ts';
import { faultsOf } from '../wire/canonical-faults.ts';
import { sampleReceivedAt, signedWebhook, verifiedWebhook } from './inbound-webhook.ts';
import { readSample, type Sample, samples } from './samples.ts';

export type ProviderContract = Readonly<{
  adapter: ProviderAdapter;
  /** The same adapter with an AMOUNT_MAX above `tellingAmount`. */
  unboundedAdapter: ProviderAdapter;
  /** False where the credential is a shared secret that does not depend on the body. */
  signsBodies: boolean;
  /** The exact bytes of the answer to a stored delivery. */
  acknowledgement: string;
  /** Dot paths of the fields that say what a body is: an unknown word there is never mapped. */
  discriminators: readonly string[];
  /** Where such a field stands in a sample without deciding anything, by a decision of ours. */
  decidesNothing?: (sample: Sample, field: string) => boolean;
  /** Dot paths of the fields that say a ratio of two amounts, and not an amount that posts. */
  ratios?: readonly string[];
  /** Dot paths of the fields that the body hash leaves out, by a decision of ours. */
  unhashed?: readonly string[];
  /** The exact bytes of each decision, where the provider waits for one. */
  decisions?: readonly (readonly [AuthorizationDecision, string])[];
}>;

/** More digits than a binary float keeps, and none beyond six decimals. */
const tellingAmount = '90071992547409.930001';
const generatedRuns = 300;

const unknownCodes: readonly QuarantineCode[] = [
  'type-unknown',
  'status-unknown',
  'dialect-unknown',
  'dialect-retired',
  // A word that stands twice in a body contradicts itself when one of them is changed.
  'field-malformed',
];

/**
 * What every adapter promises, over all its samples: credentials before anything else, exact
 * money, the same events and ids for the same bytes, nothing guessed, and no body that throws.
 */
export function describeProviderContract(contract: ProviderContract): void {
  const { adapter } = contract;
  const deliveries = samples(adapter.provider).filter((sample) => sample.delivery);
  describe(`the ${adapter.provider} adapter`, () => {
    describeCredentials(contract, deliveries);
    describeTranslation(contract, deliveries);
    describeIdentity(contract, deliveries);
    describeRefusals(contract, deliveries);
    describeAnswers(contract, deliveries);
    describeArbitraryBodies(contract, deliveries);
  });
}

function describeCredentials(
  { adapter, signsBodies }: ProviderContract,
  deliveries: readonly Sample[],
) {
  const { verify } = adapter.webhooks;
  const codeOf = (webhook: Parameters<typeof verify>[0]) => {
    const verified = verify(webhook);
    return verified.ok ? 'verified' : verified.error.code;
  };

  it('accepts every sample with the right credential, as the very same bytes', () => {
    for (const { path } of deliveries) {
      const body = readSample(path);
      const verified = verify(signedWebhook(adapter, body));
      expect(verified.ok && verified.value.body, path).toBe(body);
    }
  });

  it('refuses a delivery without a credential', () => {
    const { body, ...webhook } = signedWebhook(adapter, '{"probe":1}');
    expect(codeOf({ ...webhook, body, headers: new Map() })).toBe('credential-missing');
  });

  it('refuses a delivery whose credential is wrong in one character, shorter, longer or empty', () => {
    const webhook = signedWebhook(adapter, '{"probe":1}');
    const names = Object.keys(adapter.sign(webhook.body, sampleReceivedAt)).filter(isCredential);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names.map((header) => header.toLowerCase())) {
      const value = webhook.headers.get(name) ?? '';
      const changed = value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
      for (const wrong of [changed, value.slice(0, -1), `${value}0`])
        expect(
          codeOf({ ...webhook, headers: new Map([...webhook.headers, [name, wrong]]) }),
          name,
        ).toBe('credential-wrong');
      const empty = codeOf({ ...webhook, headers: new Map([...webhook.headers, [name, '']]) });
      expect(empty, name).not.toBe('verified');
    }
  });

  it(`${signsBodies ? 'refuses' : 'cannot see'} a flipped byte anywhere in a body`, () => {
    for (const { path } of deliveries) {
      const webhook = signedWebhook(adapter, readSample(path));
      for (let at = 0; at < webhook.body.length; at += 97) {
        const body = webhook.body.map((byte, index) => (index === at ? byte ^ 1 : byte));
        const expected = signsBodies ? 'credential-wrong' : 'verified';
        expect(codeOf({ ...webhook, body }), `${path} at ${at}`).toBe(expected);
      }
    }
  });
}

/** Trace ids and times go with a credential without being one. */
const isCredential = (header: string) => !/trace|timestamp/i.test(header);

function describeTranslation(
  { adapter, unboundedAdapter, ratios = [] }: ProviderContract,
  deliveries: readonly Sample[],
) {
  it.each(deliveries.map((sample) => [sample.path, sample] as const))(
    'makes of %s what is expected of it',
    (path, sample) => {
      const translated = translate(adapter, readSample(path));
      const original = deliveries.find((other) => other.path === sample.duplicateOf);
      const emits = original?.emits ?? sample.emits;
      if (sample.quarantined) {
        expect(translated.ok).toBe(false);
        return;
      }
      expect(typesOf(adapter, readSample(path))).toEqual(emits);
      for (const event of eventsOf(adapter, readSample(path))) {
        expect(faultsOf(event)).toEqual([]);
        expect(event.source.dialect.toLowerCase()).toBe(sample.dialect.toLowerCase());
      }
    },
  );

  it('keeps every digit of an amount, whatever its size', () => {
    let carried = 0;
    for (const { path } of understood(deliveries)) {
      const body = parsedBody(readSample(path));
      const before = moneyOf(eventsOf(unboundedAdapter, readSample(path)));
      for (const leaf of leavesOf(body)) {
        const isNumber = isLosslessNumber(leaf.value);
        if (!isNumber && !/^\d+(\.\d+)?$/.test(String(leaf.value))) continue;
        if (ratios.includes(leaf.path.join('.'))) continue;
        // A currency's number is no amount, although it decides the asset of one.
        if (/currency/.test(String(leaf.path.at(-1)))) continue;
        const telling = isNumber ? exactNumber(tellingAmount) : tellingAmount;
        const altered = translate(unboundedAdapter, withValue(body, leaf.path, telling));
        const after = altered.ok ? moneyOf(altered.value) : before;
        // Other amounts than before are named: the altered one only decided which.
        if (after.length !== before.length) continue;
        if (after.map(written).join() === before.map(written).join()) continue;
        carried += 1;
        const stated = isNumber ? leaf.value.value : String(leaf.value);
        expect(carriesExactly(before, after, stated), `${path} ${leaf.path.join('.')}`).toBe(true);
      }
    }
    expect(carried).toBeGreaterThan(0);
  });

  it('ignores a field that it does not know', () => {
    for (const { path } of understood(deliveries)) {
      const body = readSample(path);
      const extended = withMember(body, '"zz":[1.50,{"zz":null}]');
      expect(effectsOf(eventsOf(adapter, extended)), path).toEqual(
        effectsOf(eventsOf(adapter, body)),
      );
    }
  });
}

function describeIdentity(
  { adapter, unhashed = [] }: ProviderContract,
  deliveries: readonly Sample[],
) {
  it('gives the same events and ids for the same bytes, whenever they arrive', () => {
    for (const { path } of deliveries) {
      const body = readSample(path);
      expect(translate(adapter, body), path).toEqual(translate(adapter, body));
      const later = eventsOf(adapter, body, instant(sampleReceivedAt + 86_400_000));
      expect(idsOf(later), path).toEqual(idsOf(eventsOf(adapter, body)));
    }
  });

  it('gives the events of a redelivery the ids of the first delivery', () => {
    for (const { path, duplicateOf } of deliveries)
      if (duplicateOf !== undefined)
        expect(eventsOf(adapter, readSample(path)), path).toEqual(
          eventsOf(adapter, readSample(duplicateOf)),
        );
  });

  it('gives different bodies different event ids', () => {
    const ids = new Map<string, string>();
    for (const { path } of understood(deliveries).filter((sample) => !sample.duplicateOf)) {
      const events = eventsOf(adapter, readSample(path));
      for (const { eventId } of events) {
        expect(ids.get(eventId), `${path} has the id of another event`).toBeUndefined();
        ids.set(eventId, path);
      }
    }
  });

  it('identifies every sample by the key and hash that its events carry', () => {
    for (const { path } of deliveries) {
      const body = readSample(path);
      const { dialect, eventKey, bodySha256 } = adapter.webhooks.identify(
        verifiedWebhook(adapter, body),
      );
      for (const event of eventsOf(adapter, body)) {
        expect(event.idempotencyKey, path).toBe(`${adapter.provider}|${eventKey}|${bodySha256}`);
        expect(event.source, path).toMatchObject({
          dialect,
          bodySha256,
          provider: adapter.provider,
        });
        expect(
          event.owners.every((owner) => owner.provider === adapter.provider),
          path,
        ).toBe(true);
        expect(new Set(event.owners.map(referenceKey)).size, path).toBe(event.owners.length);
      }
    }
  });

  it('hashes what a body says, not how it is written', () => {
    const hashOf = (body: Uint8Array) =>
      adapter.webhooks.identify(verifiedWebhook(adapter, body)).bodySha256;
    for (const { path } of deliveries) {
      const body = parsedBody(readSample(path));
      const hash = hashOf(readSample(path));
      expect(hashOf(withOtherLayout(body)), path).toBe(hash);
      for (const leaf of leavesOf(body)) {
        const name = leaf.path.join('.');
        if (unhashed.includes(name)) continue;
        expect(hashOf(withValue(body, leaf.path, 'zz')), `${path} ${name}`).not.toBe(hash);
      }
    }
  });

  it('gives a variant the event key of the first body and another hash', () => {
    const identify = (path: string) =>
      adapter.webhooks.identify(verifiedWebhook(adapter, readSample(path)));
    for (const { path, variantOf } of deliveries) {
      if (variantOf === undefined) continue;
      expect(identify(path).eventKey).toBe(identify(variantOf).eventKey);
      expect(identify(path).bodySha256).not.toBe(identify(variantOf).bodySha256);
    }
  });
}

function describeRefusals(
  { adapter, discriminators, decidesNothing = () => false }: ProviderContract,
  deliveries: readonly Sample[],
) {
  it('quarantines an unknown word in every place that says what a body is', () => {
    const tried = new Set<string>();
    for (const sample of understood(deliveries)) {
      const { path } = sample;
      const body = parsedBody(readSample(path));
      for (const leaf of leavesOf(body)) {
        const name = leaf.path.join('.');
        if (!discriminators.includes(name) || typeof leaf.value !== 'string') continue;
        if (decidesNothing(sample, name)) continue;
        tried.add(name);
        const translated = translate(adapter, withValue(body, leaf.path, 'ZZ_UNKNOWN'));
        expect(translated.ok ? 'mapped' : translated.error.code, `${path} ${name}`).toSatisfy(
          (code: QuarantineCode) => unknownCodes.includes(code),
        );
      }
    }
    expect([...tried].sort()).toEqual([...discriminators].sort());
  });

  const [sample] = understood(deliveries);
  const malformed = sample === undefined ? [] : malformedBodies(readSample(sample.path));
  it.each(malformed.map((item) => [item.title, item] as const))(
    'quarantines an authentic body that is %s',
    (_title, { body, code }) => {
      const webhook = verifiedWebhook(adapter, body);
      const translated = adapter.webhooks.translate(webhook);
      expect(translated.ok ? 'translated' : translated.error.code).toBe(code);
      const identified = adapter.webhooks.identify(webhook);
      expect(identified).toMatchObject({ eventKey: null, bodySha256: sha256(body) });
      const asked = adapter.authorizations?.parse(webhook);
      if (asked) expect(asked.ok ? 'parsed' : asked.error.code).toBe(code);
    },
  );
}

function describeAnswers(contract: ProviderContract, deliveries: readonly Sample[]) {
  const { adapter, acknowledgement, decisions } = contract;

  it("acknowledges with the provider's own bytes", () => {
    expect(adapter.webhooks.acknowledgement).toEqual({
      status: 200,
      contentType: 'application/json',
      body: acknowledgement,
    });
  });

  it('says which deliveries wait for a decision', () => {
    for (const { path, answer, emits } of deliveries) {
      const webhook = verifiedWebhook(adapter, readSample(path));
      const asks = answer !== undefined || emits.includes('AuthorizationRequested');
      expect(adapter.webhooks.identify(webhook).asksForDecision, path).toBe(asks);
      if (!asks) continue;
      const parsed = adapter.authorizations?.parse(webhook);
      const translated = adapter.webhooks.translate(webhook);
      expect(parsed?.ok ? [parsed.value] : [], path).toEqual(translated.ok ? translated.value : []);
    }
  });

  it('has a responder where the provider waits for decisions, and only there', () => {
    expect(adapter.authorizations !== undefined).toBe(decisions !== undefined);
    for (const [decision, body] of decisions ?? [])
      expect(adapter.authorizations?.respond(decision)).toMatchObject({ status: 200, body });
  });
}

function describeArbitraryBodies({ adapter }: ProviderContract, deliveries: readonly Sample[]) {
  const bodies = deliveries.map((sample) => parsedBody(readSample(sample.path)));

  it('throws on no JSON, and makes of it valid events or a quarantine', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expectTotal(adapter, new TextEncoder().encode(JSON.stringify(value)));
      }),
      { numRuns: generatedRuns },
    );
  });

  it('makes no event of an id with a control character, which no stream can be named by', () => {
    const places = new Map(
      bodies.flatMap((body) =>
        leavesOf(body).map(({ path }) => [path.join('.'), { body, path }] as const),
      ),
    );
    for (const { body, path } of places.values())
      expectTotal(adapter, withValue(body, path, 'a\u0007b'));
  });

  it('throws on no altered sample, and makes of it valid events or a quarantine', () => {
    const altered = fc.record({
      body: fc.constantFrom(...bodies),
      place: fc.nat(),
      value: fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom(
          '',
          ' ',
          '-1',
          '0',
          '1e400',
          '1E-400',
          '0x',
          'a\u0007b',
          '\ud800',
          'x'.repeat(5000),
        ),
        fc.constantFrom('-1', '0', '1e400', '1E-400', '1.5').map(exactNumber),
      ),
    });
    fc.assert(
      fc.property(altered, ({ body, place, value }) => {
        const leaves = leavesOf(body);
        const leaf = leaves[place % leaves.length];
        if (leaf) expectTotal(adapter, withValue(body, leaf.path, value));
      }),
      { numRuns: generatedRuns },
    );
  });
}

function expectTotal(adapter: ProviderAdapter, body: Uint8Array) {
  const webhook = verifiedWebhook(adapter, body);
  adapter.webhooks.identify(webhook);
  adapter.authorizations?.parse(webhook);
  const translated = adapter.webhooks.translate(webhook);
  if (translated.ok) expect(translated.value.flatMap(faultsOf)).toEqual([]);
  else
    expect(translated.error).toEqual({
      code: expect.any(String),
      path: expect.any(String),
      message: expect.any(String),
    });
}

const understood = (deliveries: readonly Sample[]) =>
  deliveries.filter((sample) => !sample.quarantined);

const translate = (adapter: ProviderAdapter, body: Uint8Array, receivedAt = sampleReceivedAt) =>
  adapter.webhooks.translate(verifiedWebhook(adapter, body, receivedAt));

function eventsOf(adapter: ProviderAdapter, body: Uint8Array, receivedAt = sampleReceivedAt) {
  const translated = translate(adapter, body, receivedAt);
  return translated.ok ? translated.value : [];
}

const typesOf = (adapter: ProviderAdapter, body: Uint8Array) =>
  eventsOf(adapter, body).map((event) => event.type);

const idsOf = (events: readonly CanonicalEvent[]) =>
  events.map(({ eventId, idempotencyKey, effectKey }) => ({ eventId, idempotencyKey, effectKey }));

const effectsOf = (events: readonly CanonicalEvent[]) =>
  events.map(({ type, data, effectKey, subject, owners }) => ({
    type,
    data,
    effectKey,
    subject,
    owners,
  }));

const isMoney = (value: object): value is Money => 'units' in value && 'asset' in value;

const written = (money: Money): string => `${moneyText(money).amount} ${money.asset}`;

/**
 * Whether the telling amount arrived with all its digits: as an amount of its own, or, where
 * amounts are added up, as exactly the difference to the one stated before.
 */
function carriesExactly(before: readonly Money[], after: readonly Money[], stated: string) {
  return after.some((money, index) => {
    const { amount } = moneyText(money);
    if (amount === tellingAmount) return true;
    const previous = before[index];
    const [telling, replaced] = [tellingAmount, stated].map((text) =>
      parseAmount(text, money.asset),
    );
    if (!previous || !telling?.ok || !replaced?.ok) return false;
    return money.units - previous.units === telling.value.units - replaced.value.units;
  });
}

/** Every amount of some events, in the order of their fields. */
function moneyOf(value: unknown): readonly Money[] {
  if (typeof value !== 'object' || value === null) return [];
  return isMoney(value) ? [value] : Object.values(value).flatMap(moneyOf);
}
