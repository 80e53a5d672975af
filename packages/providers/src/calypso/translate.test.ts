import { instantText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import {
  calypsoBody,
  calypsoEvents,
  calypsoQuarantine,
  calypsoTranslation,
} from '../testing/calypso-delivery.ts';
import { parsedBody } from '../testing/altered-body.ts';
import { readSample, samples } from '../testing/samples.ts';
import { calypsoEventAliases, calypsoEventTypes, calypsoRetiredEventTypes } from './event-type.ts';
import { calypsoPayoutStatuses } from './payout-events.ts';

const ids = '"idempotencyKey":"key-1","parentExternalId":3201,"externalId":"order-1"';
const typesOf = (eventType: string, data: string) =>
  calypsoEvents(eventType, data).map((event) => event['type']);

describe('the names of Calypso events', () => {
  const bodies = samples('calypso').map((sample) => parsedBody(readSample(sample.path)));
  const unknown = new Set([...calypsoRetiredEventTypes, 'RECURRENT_PAYMENT_CREATED']);

  it('are those of the samples, in both directions', () => {
    const known = [...calypsoEventTypes, ...Object.keys(calypsoEventAliases)];
    const seen = new Set(bodies.map((body) => String(body['eventType'])));
    expect([...seen].filter((name) => !unknown.has(name)).sort()).toEqual(known.sort());
  });

  it('have the payout statuses of the samples, in both directions', () => {
    const seen = new Set(
      bodies.flatMap((body) => {
        const data = body['data'] as Record<string, unknown>;
        return typeof data['payoutStatus'] === 'string' ? [data['payoutStatus'].toLowerCase()] : [];
      }),
    );
    expect([...seen].filter((status) => status !== 'draft').sort()).toEqual(
      [...calypsoPayoutStatuses].sort(),
    );
  });

  it('decision 10: are one event under each of their names', () => {
    const data = `{${ids},"amount":1,"currency":"BTC","transactionId":"t","purseId":"p","transactionHash":"0xAB"}`;
    for (const [alias, name] of Object.entries(calypsoEventAliases))
      expect(calypsoEvents(alias, data), alias).toEqual(calypsoEvents(name, data));
  });

  it('are compared without case, after trimming', () => {
    expect(typesOf(' invoice_expired ', `{${ids}}`)).toEqual(['InvoiceExpired']);
  });

  it.each([
    'RECURRENT_PAYMENT_CREATED',
    'INVOICE_PAID_TWICE',
    'CUSTOMER_PURSE_EXPIRD',
    '__proto__',
    'constructor',
  ])('any other eventType: %s is quarantined by name', (name) => {
    expect(calypsoQuarantine(name, `{${ids}}`)).toBe('type-unknown eventType');
  });

  it.each([...calypsoRetiredEventTypes, 'PAYOUT_ETHEREUM_APPROVAL_VALIDATION_ERROR'])(
    'retired: %s is quarantined',
    (name) => {
      expect(calypsoQuarantine(name, `{${ids}}`)).toBe('dialect-retired eventType');
    },
  );
});

describe('the envelope of Calypso', () => {
  const paid = calypsoBody('INVOICE_PAID', `{${ids}}`);
  const quarantineOf = (body: string) => {
    const translated = calypsoTranslation(body);
    return 'code' in translated ? `${translated.code} ${translated.path}` : 'translated';
  };
  const occurredAt = (body: string) => {
    const translated = calypsoTranslation(body);
    return 'code' in translated
      ? translated.code
      : translated.map((e) => instantText(e.occurredAt));
  };

  it('decision 3: times without a zone are UTC', () => {
    expect(occurredAt(paid)).toEqual(['2025-03-04T10:15:30.123Z']);
  });

  it.each([
    ['2025-03-04T10:15:30', '2025-03-04T10:15:30.000Z'],
    ['2025-03-04T10:15:30.1', '2025-03-04T10:15:30.100Z'],
    ['2025-03-04T10:15:30.123456789', '2025-03-04T10:15:30.123Z'],
    ['2025-03-04T10:15:30+02:00', '2025-03-04T08:15:30.000Z'],
  ])('reads the time %s', (written, read) => {
    expect(occurredAt(paid.replace('2025-03-04T10:15:30.123456', written))).toEqual([read]);
  });

  it('falls back on the time of receipt where no time is stated', () => {
    expect(occurredAt(paid.replace('"createdDate":"2025-03-04T10:15:30.123456",', ''))).toEqual([
      '2025-06-01T12:00:00.000Z',
    ]);
  });

  it('refuses a time that is none', () => {
    const body = paid.replace('2025-03-04T10:15:30.123456', 'yesterday');
    expect(quarantineOf(body)).toBe('field-malformed createdDate');
  });

  it.each(['requestId', 'id', 'eventType', 'data'])('refuses a body without %s', (name) => {
    expect(quarantineOf(paid.replace(`"${name}":`, `"no-${name}":`))).toBe(`field-missing ${name}`);
  });

  it.each(['null', '1', '"text"', '[]', 'true'])('refuses data that is %s', (data) => {
    expect(quarantineOf(calypsoBody('INVOICE_PAID', data))).toMatch(
      /^field-(missing|malformed) data$/,
    );
  });

  it('decision 13: service and level decide nothing', () => {
    const data = `{${ids},"amount":1,"realAmount":1,"currency":"BTC"}`;
    const as = (service: string, level: string) => {
      const events = calypsoTranslation(
        calypsoBody('INVOICE_PAID', data)
          .replace('"service":"ANY"', `"service":${service}`)
          .replace('"level":"INFO"', `"level":${level}`),
      );
      return 'code' in events
        ? events.code
        : events.map(({ type, data: facts }) => ({ type, facts }));
    };
    expect(as('"PAYOUT"', '"WARNING"')).toEqual(as('"INVOICE"', '"SUCCESS"'));
    expect(as('null', '7')).toEqual(as('"INVOICE"', '"SUCCESS"'));
  });

  it('takes the event from eventType, never from data.type', () => {
    expect(typesOf('INVOICE_EXPIRED', `{${ids},"type":"INVOICE_PAID"}`)).toEqual([
      'InvoiceExpired',
    ]);
  });

  it('keeps the exact words of the provider and the subscription', () => {
    const events = calypsoTranslation(
      calypsoBody('PAYOUT_CHANGE_STATUS', `{${ids},"payoutStatus":"Created"}`),
    );
    expect(events).toMatchObject([
      {
        source: {
          provider: 'calypso',
          dialect: 'payload',
          providerEvent: 'PAYOUT_CHANGE_STATUS Created',
        },
        references: { requestId: '7d1f0c52-3b3e-4c7a-9a55-0d6f5f1b2c11' },
      },
    ]);
  });
});
