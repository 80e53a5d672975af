import {
  assets,
  type CanonicalEvent,
  checkpoint,
  correlationId,
  eventId,
  instant,
  money,
  providerNames,
  type Recorded,
  referenceKinds,
  streamVersion,
} from '@counterfoil/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeadLetter, Topic } from './event-bus.ts';
import { canonicalTopic, deadLetterTopic, ledgerTopic } from './topics.ts';

const anInstant = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instant);
const anAmount = fc
  .record({
    asset: fc.constantFrom(...assets.map((definition) => definition.asset)),
    units: fc.bigInt(0n, 10n ** 30n),
  })
  .map(({ asset, units }) => money(asset, units));
const aName = fc.string({ unit: 'binary', maxLength: 40 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const aReference = fc.record({
  provider: fc.constantFrom(...providerNames),
  kind: fc.constantFrom(...referenceKinds),
  externalId: aName,
});

const anEnvelope = fc.record({
  eventId: fc.uuid().map(eventId),
  occurredAt: anInstant,
  receivedAt: anInstant,
  source: fc.record({
    provider: fc.constantFrom(...providerNames),
    dialect: aName,
    adapterVersion: fc.nat(),
    channel: fc.constantFrom('webhook', 'read'),
    deliveryId: fc.uuid(),
    providerEvent: aName,
    bodySha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  }),
  idempotencyKey: aName,
  effectKey: maybe(aName),
  subject: fc.record({ kind: fc.constantFrom(...referenceKinds), id: aName }),
  owners: fc.array(aReference, { maxLength: 3 }),
  references: fc.dictionary(
    fc.constantFrom('customer', 'orderId', 'approvedBy', 'lockedAt'),
    aName,
    { noNullPrototype: true },
  ),
  flags: fc.subarray(['variant', 'late', 'unlinked']),
});

const fees = fc.array(fc.record({ kind: fc.constantFrom('fx', 'network'), amount: anAmount }), {
  maxLength: 2,
});
const someData = fc.oneof(
  fc.record({
    type: fc.constant('DepositConfirmed'),
    data: fc.record({
      depositId: aName,
      gross: anAmount,
      fees,
      net: anAmount,
      method: fc.constant('chain'),
      isDelivered: fc.boolean(),
    }),
  }),
  fc.record({
    type: fc.constant('InvoiceOpened'),
    data: fc.record({
      invoiceId: aName,
      amountAsked: maybe(anAmount),
      asset: maybe(aName),
      expiresAt: maybe(anInstant),
    }),
  }),
  fc.record({
    type: fc.constant('BalanceReported'),
    data: fc.record({ balances: fc.array(anAmount, { maxLength: 3 }) }),
  }),
);

const aCanonicalEvent = fc
  .tuple(anEnvelope, someData)
  .map(([envelope, event]) => ({ ...envelope, ...event }) as unknown as CanonicalEvent);

const overTheWire = <Message>(topic: Topic<Message>, message: Message): Message =>
  topic.decode(
    JSON.parse(JSON.stringify(topic.encode(message))) as ReturnType<typeof topic.encode>,
  );

test('a canonical event is the same after the wire', () => {
  fc.assert(
    fc.property(aCanonicalEvent, (event) => {
      expect(overTheWire(canonicalTopic, event)).toEqual(event);
    }),
    { numRuns: 300 },
  );
});

test('a recorded event is the same after the wire', () => {
  const aRecorded = fc.record({
    event: someData,
    eventId: fc.uuid().map(eventId),
    stream: aName,
    version: fc.bigInt(1n, 10n ** 18n).map(streamVersion),
    position: fc.string().map(checkpoint),
    occurredAt: anInstant,
    recordedAt: anInstant,
    correlationId: fc.uuid().map(correlationId),
    causationId: fc.uuid().map(eventId),
  });
  fc.assert(
    fc.property(aRecorded, (recorded) => {
      expect(overTheWire<Recorded>(ledgerTopic, recorded as Recorded)).toEqual(recorded);
    }),
    { numRuns: 300 },
  );
});

const letter: DeadLetter = {
  id: '17',
  topic: 'counterfoil.canonical.v1',
  group: 'ledger-writer',
  key: 'cryptomate:card:crd_1',
  messageId: 'm-1',
  reason: 'Error: cannot be booked',
  attempts: 12,
  failedAt: instant(1_700_000_000_000),
  payload: { receivedAt: 'not an instant', data: { asset: 'USD', amount: '1.10' } },
  isWhole: true,
};

test('a dead letter keeps its message as it was published', () => {
  expect(overTheWire(deadLetterTopic, letter)).toEqual(letter);
});

test('a dead letter says that its message was not kept whole, and nothing when it was', () => {
  const cut = { ...letter, payload: {}, isWhole: false };
  expect(overTheWire(deadLetterTopic, cut)).toEqual(cut);
  expect(deadLetterTopic.encode(letter)['data']).not.toHaveProperty('isWhole');
});

const [event] = fc.sample(aCanonicalEvent, { numRuns: 1, seed: 7 });

test('messages are CloudEvents 1.0 in structured JSON, with our ids', () => {
  if (!event) throw new Error('no sample');
  expect(canonicalTopic.encode(event)).toMatchObject({
    specversion: '1.0',
    id: event.eventId,
    source: `/providers/${event.source.provider}`,
    type: `counterfoil.canonical.${event.type}`,
    datacontenttype: 'application/json',
    partitionkey: canonicalTopic.keyOf(event),
  });
  for (const name of Object.keys(ledgerTopic.encode({ ...recordedOf(event) })))
    expect(name).toMatch(/^[a-z0-9]{1,20}$/);
});

const recordedOf = (canonical: CanonicalEvent): Recorded => ({
  event: { type: canonical.type, data: canonical.data },
  eventId: canonical.eventId,
  stream: 'account-7',
  version: streamVersion(1n),
  position: checkpoint('9'),
  occurredAt: canonical.occurredAt,
  recordedAt: canonical.receivedAt,
  correlationId: correlationId('c'),
  causationId: eventId('d'),
});

test('the key is the first owner, and the subject where nobody is named', () => {
  if (!event) throw new Error('no sample');
  const owner = { provider: 'calypso', kind: 'client', externalId: 'u1' } as const;
  const subject = { kind: 'transfer', id: 't9' } as const;
  expect(canonicalTopic.keyOf({ ...event, owners: [owner] })).toBe('calypso:client:u1');
  expect(canonicalTopic.keyOf({ ...event, owners: [], subject })).toBe(
    `${event.source.provider}:transfer:t9`,
  );
  expect(ledgerTopic.keyOf(recordedOf(event))).toBe('account-7');
});

test('what is no CloudEvent of the topic is refused', () => {
  if (!event) throw new Error('no sample');
  const payload = canonicalTopic.encode(event);
  const refused = [
    { ...payload, specversion: '0.3' },
    { ...payload, type: 'counterfoil.ledger.HoldPlaced' },
    { ...payload, time: 'yesterday' },
    { ...payload, data: null },
    { ...payload, id: 7 },
  ];
  for (const each of refused) expect(() => canonicalTopic.decode(each)).toThrow();
});
