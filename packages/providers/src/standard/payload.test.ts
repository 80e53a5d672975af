import { describe, expect, it } from 'vitest';
import { readSample, sampleAdapters, verifiedWebhook } from '../testing/index.ts';

const { standard } = sampleAdapters();

type Event = Record<string, unknown> & { data: Record<string, unknown> };

const deposit: Event = {
  type: 'DepositConfirmed',
  occurredAt: '2025-05-02T09:04:00Z',
  effectKey: 'deposit|d1|confirmed',
  subject: { kind: 'wallet', id: 'w1' },
  owners: [{ provider: 'standard', kind: 'wallet', externalId: 'w1' }],
  data: {
    depositId: 'd1',
    gross: { asset: 'USD', amount: '10.00' },
    fees: [{ kind: 'network', amount: { asset: 'USD', amount: '0.10' } }],
    net: { asset: 'USD', amount: '9.90' },
    method: 'chain',
    isDelivered: true,
  },
};

function translated(body: object) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return standard.webhooks.translate(verifiedWebhook(standard, bytes));
}

/** `type`s of what a body becomes, or code and place of its quarantine. */
function outcome(...events: readonly object[]): string {
  const result = translated({ events });
  if (!result.ok) return `${result.error.code} ${result.error.path}`;
  return result.value.map(({ type }) => type).join();
}

const withData = (data: object): Event => ({ ...deposit, data: { ...deposit.data, ...data } });
const withFields = (fields: object): object => ({ ...deposit, ...fields });
const without = (name: string) =>
  Object.fromEntries(Object.entries(deposit).filter(([key]) => key !== name));
const money = (amount: unknown, asset = 'USD') => ({ asset, amount });

describe('the events of a body', () => {
  it('are made in the order in which they stand, each with an id of its own', () => {
    const second = withFields({ effectKey: 'deposit|d2|confirmed' });
    const result = translated({ events: [deposit, second] });
    const events = result.ok ? result.value : [];
    expect(events.map(({ effectKey }) => effectKey)).toEqual([
      'standard|deposit|d1|confirmed',
      'standard|deposit|d2|confirmed',
    ]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2);
    expect(events.map(({ source }) => source.providerEvent)).toEqual([
      'DepositConfirmed',
      'DepositConfirmed',
    ]);
  });

  it('are refused where a reference that reads as an id is longer than one may be', () => {
    const named = (name: string, length: number) =>
      outcome(withFields({ references: { [name]: 'x'.repeat(length) } }));
    for (const name of ['customId', 'idempotencyKey', 'chainHash']) {
      expect(named(name, 200)).toBe('DepositConfirmed');
      expect(named(name, 201)).toBe(`field-malformed events.0.references.${name}`);
    }
    expect(named('note', 1000)).toBe('DepositConfirmed');
  });

  it('are refused where an id is an object, whatever that makes of text', () => {
    const externalId = { toString: 'w' };
    const owners = [{ provider: 'standard', kind: 'wallet', externalId }];
    expect(outcome(withFields({ owners }))).toBe('field-malformed events.0.owners.0.externalId');
  });

  it('are all refused when one of them is', () => {
    expect(outcome(deposit, withData({ method: 'pigeon' }))).toBe(
      'field-malformed events.1.data.method',
    );
    expect(outcome()).toBe('field-malformed events');
    expect(outcome(...Array.from({ length: 101 }, () => deposit))).toBe('field-malformed events');
  });

  it('may leave out references and flags, and nothing else', () => {
    expect(outcome(deposit)).toBe('DepositConfirmed');
    expect(outcome(withFields({ references: { orderId: 'o1' }, flags: ['late'] }))).toBe(
      'DepositConfirmed',
    );
    for (const name of ['type', 'occurredAt', 'effectKey', 'subject', 'owners'])
      expect(outcome(without(name)), name).toBe(`field-missing events.0.${name}`);
    expect(outcome(without('data'))).toBe('field-missing events.0.data');
  });

  it('carry no field that the vocabulary does not have', () => {
    expect(outcome(withFields({ note: 'x' }))).toMatch(/^field-malformed events.0/);
    expect(outcome(withData({ memo: 'x' }))).toMatch(/^field-malformed events.0.data/);
  });

  it('name only references of this source, each once', () => {
    const owner = { provider: 'standard', kind: 'wallet', externalId: 'w1' };
    expect(outcome(withFields({ owners: [{ ...owner, provider: 'cryptomate' }] }))).toBe(
      'field-malformed events.0.owners.0.provider',
    );
    expect(outcome(withFields({ owners: [owner, owner] }))).toBe('field-malformed events.0.owners');
    expect(outcome(withFields({ owners: [] }))).toBe('field-malformed events.0.owners');
  });
});

describe('what a body may not contradict', () => {
  it('has an effect key where it has an effect, and only there', () => {
    expect(outcome(withFields({ effectKey: null }))).toBe('field-malformed events.0.effectKey');
    const detected = {
      ...deposit,
      type: 'DepositDetected',
      data: { amount: null, stage: 'seen', depositId: null, chainHash: null },
    };
    expect(outcome(detected)).toBe('field-malformed events.0.effectKey');
    expect(outcome({ ...detected, effectKey: null })).toBe('DepositDetected');
  });

  it('states amounts as text, exactly, of an asset that is known', () => {
    const net = (amount: unknown, asset?: string) =>
      outcome(withData({ net: money(amount, asset) }));
    expect(net(9.9)).toBe('field-malformed events.0.data.net.amount');
    expect(net('9.9000001')).toBe('amount-too-precise events.0.data.net.amount');
    expect(net('-9.90')).toBe('amount-negative events.0.data.net.amount');
    expect(net('1000000001')).toBe('amount-too-large events.0.data.net.amount');
    expect(net('9.90', 'XQZ')).toBe('asset-unknown events.0.data.net.asset');
    expect(net('9.90', '\ud800')).toBe('field-malformed events.0.data.net.asset');
    expect(net('9.90', 'X'.repeat(201))).toBe('field-malformed events.0.data.net.asset');
  });

  it('adds up, in one asset, to more than nothing', () => {
    expect(outcome(withData({ net: money('9.91') }))).toBe('field-malformed events.0.data.gross');
    expect(outcome(withData({ net: money('9.90', 'EUR') }))).toBe(
      'field-malformed events.0.data.gross',
    );
    const fees = [{ kind: 'network', amount: money('0.10', 'EUR') }];
    expect(outcome(withData({ fees }))).toBe('field-malformed events.0.data.fees.0.amount.asset');
    const nothing = { gross: money('0'), net: money('0'), fees: [] };
    expect(outcome(withData(nothing))).toBe('field-malformed events.0.data.gross');
  });

  it('is about the thing that its data names', () => {
    const body = JSON.parse(
      new TextDecoder().decode(readSample('standard/constructed/withdrawal.json')),
    ) as { events: readonly Event[] };
    const [requested] = body.events;
    expect(outcome({ ...requested, subject: { kind: 'withdrawal', id: 'other' } })).toBe(
      'field-malformed events.0.subject',
    );
    expect(outcome({ ...requested, subject: { kind: 'payout', id: 'std_wd_90' } })).toBe(
      'field-malformed events.0.subject',
    );
  });

  it('asks for no decision: nobody would wait for the answer', () => {
    expect(outcome(withFields({ type: 'AuthorizationRequested' }))).toBe(
      'type-unknown events.0.type',
    );
  });
});

describe('the key of a delivery', () => {
  it('is the name that its sender gave it, whatever it says', () => {
    const webhook = verifiedWebhook(standard, '{"events":[]}');
    const named = { ...webhook, headers: new Map([['webhook-id', 'msg_7|a']]) } as typeof webhook;
    expect(standard.webhooks.identify(named).eventKey).toBe(String.raw`msg_7\|a`);
  });
});
