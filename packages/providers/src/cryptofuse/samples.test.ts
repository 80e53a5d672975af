import { moneyText } from '@counterfoil/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leavesOf,
  malformedBodies,
  parsedBody,
  withMember,
  withValue,
} from '../testing/altered-body.ts';
import {
  readSample,
  sampleAmountMax,
  sampleReceivedAt,
  samples,
  sampleVariable,
  signedWebhook,
  verifiedWebhook,
} from '../testing/index.ts';
import { faultsOf } from '../wire/canonical-faults.ts';
import { canonicalSha256, sha256 } from '../wire/exact-json.ts';
import { cryptofuseAdapter } from './adapter.ts';

const adapter = cryptofuseAdapter({
  secrets: [sampleVariable('CRYPTOFUSE_WEBHOOK_SECRET')],
  settings: { signature: 'sha256-hex', secretPrefix: 'keep', withdrawalFee: 'on-top' },
  amountMax: sampleAmountMax,
});

const all = samples('cryptofuse');
const deliveries = all.filter((sample) => sample.delivery);
const understood = deliveries.filter((sample) => !sample.quarantined);

const translate = (body: Uint8Array | string, receivedAt = sampleReceivedAt) =>
  adapter.webhooks.translate(verifiedWebhook(adapter, body, receivedAt));
const identify = (body: Uint8Array | string) =>
  adapter.webhooks.identify(verifiedWebhook(adapter, body));
const eventsOf = (path: string) => {
  const translated = translate(readSample(path));
  return translated.ok ? translated.value : [];
};

describe('the samples of CryptoFuse', () => {
  it.each(deliveries.map((sample) => [sample.path, sample] as const))(
    'make of %s what is expected of it',
    (path, { emits, dialect, quarantined }) => {
      expect(translate(readSample(path)).ok).toBe(quarantined !== true);
      const events = eventsOf(path);
      expect(events.map((event) => event.type)).toEqual(emits);
      expect(events.flatMap(faultsOf)).toEqual([]);
      expect(identify(readSample(path)).dialect).toBe(dialect.toLowerCase());
    },
  );

  it('are all there, and what is no delivery is quarantined when it comes as one', () => {
    expect(all.length).toBe(71);
    for (const { path } of all.filter((sample) => !sample.delivery)) {
      const translated = translate(readSample(path));
      expect(translated.ok ? 'translated' : translated.error.code, path).toBe('dialect-unknown');
    }
  });

  it('are verified as they are, and refused with a flipped byte anywhere', () => {
    for (const { path } of deliveries) {
      const webhook = signedWebhook(adapter, readSample(path));
      expect(adapter.webhooks.verify(webhook).ok, path).toBe(true);
      for (let at = 0; at < webhook.body.length; at += 53) {
        const body = webhook.body.map((byte, index) => (index === at ? byte ^ 1 : byte));
        expect(adapter.webhooks.verify({ ...webhook, body }).ok, `${path} at ${at}`).toBe(false);
      }
    }
  });

  it('give the same ids and keys for the same bytes, whenever they arrive', () => {
    const ids = new Set<string>();
    for (const { path } of understood) {
      const later = translate(readSample(path), sampleReceivedAt);
      expect(later, path).toEqual(translate(readSample(path)));
      for (const { eventId, idempotencyKey, source } of eventsOf(path)) {
        const { eventKey, bodySha256 } = identify(readSample(path));
        expect(idempotencyKey).toBe(`cryptofuse|${eventKey}|${bodySha256}`);
        expect(source.bodySha256).toBe(bodySha256);
        ids.add(eventId);
      }
    }
    expect(ids.size).toBe(understood.length);
  });

  it('are acknowledged with 200 and an empty object (decision 8), and wait for no decision', () => {
    expect(adapter.webhooks.acknowledgement).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{}',
    });
    expect(adapter.authorizations).toBeUndefined();
    for (const { path } of deliveries)
      expect(identify(readSample(path)).asksForDecision).toBe(false);
  });

  it('mean the same with a field that nobody knows', () => {
    for (const { path } of understood) {
      const extended = translate(withMember(readSample(path), '"zz":[1.50,{"zz":null}]'));
      const effects = eventsOf(path).map(({ data, effectKey }) => ({ data, effectKey }));
      expect(
        extended.ok && extended.value.map(({ data, effectKey }) => ({ data, effectKey })),
        path,
      ).toEqual(effects);
    }
  });

  it('are quarantined with a negative amount, one above the maximum or of no known asset', () => {
    const money = new Set<string>();
    for (const { path, emits } of understood) {
      if (emits.includes('ProviderNoticeReceived')) continue;
      const body = parsedBody(readSample(path));
      for (const { path: at } of leavesOf(body)) {
        const name = String(at.at(-1));
        if (name !== 'amount' && name !== 'pay_amount') continue;
        money.add(path);
        const codes = ['-1.00', '1000000001', '1.0000000000000000001', 'ten'].map((amount) => {
          const translated = translate(withValue(body, at, amount));
          return translated.ok ? 'translated' : translated.error.code;
        });
        const isUnknownAsset = path.includes('deposit-received');
        if (!isUnknownAsset)
          expect(codes, path).toEqual([
            'amount-negative',
            'amount-too-large',
            'amount-too-precise',
            'amount-malformed',
          ]);
      }
    }
    expect(money.size).toBeGreaterThan(30);
  });
});

describe('bodies that nobody should send', () => {
  const sample = readSample('cryptofuse/constructed/g1/payment-completed.json');

  it.each(malformedBodies(sample).map((item) => [item.title, item] as const))(
    'quarantines an authentic body that is %s',
    (_title, { body, code }) => {
      const translated = translate(body);
      expect(translated.ok ? 'translated' : translated.error.code).toBe(code);
      expect(identify(body)).toEqual({
        dialect: 'unknown',
        eventKey: null,
        bodySha256: sha256(body),
        asksForDecision: false,
      });
    },
  );

  const expectTotal = (body: Uint8Array) => {
    identify(body);
    const translated = translate(body);
    if (translated.ok) expect(translated.value.flatMap(faultsOf)).toEqual([]);
    else expect(translated.error.code).toBeTypeOf('string');
  };

  it('throws on no JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expectTotal(new TextEncoder().encode(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });

  it('throws on no altered sample, and makes of it valid events or a quarantine', () => {
    const bodies = deliveries.map(({ path }) => parsedBody(readSample(path)));
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        '',
        ' ',
        '-1',
        '0',
        '1e400',
        '__proto__',
        'constructor',
        '\ud800',
        'x'.repeat(5000),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), values, (body, place, value) => {
        const leaves = leavesOf(body);
        const leaf = leaves[place % leaves.length];
        if (leaf) expectTotal(withValue(body, leaf.path, value));
      }),
      { numRuns: 600 },
    );
  });
});

describe('the amounts of the stories', () => {
  const story = (name: string) => `cryptofuse/stories/${name}.json`;
  const [settled] = eventsOf(story('g2b-payment/03-payment-status-update-completed'));
  const [requested] = eventsOf(story('g1-payment-and-withdrawal/05-withdrawal-created'));

  it('credit 247.6287 of 250.13 and charge 2.5013', () => {
    expect(settled?.type === 'InvoiceSettled' && moneyText(settled.data.net)).toEqual({
      asset: 'USDT:ETHEREUM',
      amount: '247.6287',
    });
    expect(
      settled?.type === 'InvoiceSettled' && settled.data.fees.map((fee) => moneyText(fee.amount)),
    ).toEqual([{ asset: 'USDT:ETHEREUM', amount: '2.5013' }]);
  });

  it('reserve 100.50 and the fee of 1.50 on top', () => {
    expect(
      requested?.type === 'WithdrawalRequested' && [
        moneyText(requested.data.amount).amount,
        ...requested.data.fees.map((fee) => moneyText(fee.amount).amount),
      ],
    ).toEqual(['100.50', '1.50']);
  });

  it('name one effect for the specific event and for status_changed (decision 12)', () => {
    const completed = eventsOf(story('g1-payment-and-withdrawal/09-withdrawal-completed'));
    const changed = eventsOf(
      story('g1-payment-and-withdrawal/10-withdrawal-status-changed-completed'),
    );
    expect(completed[0]?.effectKey).toMatch(/^cryptofuse\|withdrawal\|.+\|completed$/);
    expect(changed[0]?.effectKey).toBe(completed[0]?.effectKey);
    expect(changed[0]?.eventId).not.toBe(completed[0]?.eventId);
  });
});

describe('the body hash', () => {
  it('leaves the notification number of G1 out, so that redundant webhooks collapse (decision 6)', () => {
    const body = parsedBody(readSample('cryptofuse/constructed/g1/payment-completed.json'));
    const again = withValue(body, ['id'], 'ntf_9999');
    expect(identify(again)).toEqual(
      identify(readSample('cryptofuse/constructed/g1/payment-completed.json')),
    );
    const { id: _, ...rest } = body;
    expect(identify(again).bodySha256).toBe(canonicalSha256(rest));
  });

  it('keeps a variant of a fact apart from the first (decision 6)', () => {
    const body = parsedBody(readSample('cryptofuse/constructed/g1/payment-completed.json'));
    const variant = identify(withValue(body, ['data', 'amount'], '251.00'));
    const first = identify(readSample('cryptofuse/constructed/g1/payment-completed.json'));
    expect(variant.eventKey).toBe(first.eventKey);
    expect(variant.bodySha256).not.toBe(first.bodySha256);
  });

  it('covers everything in the other generations', () => {
    const path = 'cryptofuse/constructed/g2a/payment-status-update-completed.json';
    expect(identify(readSample(path)).bodySha256).toBe(
      canonicalSha256(parsedBody(readSample(path))),
    );
  });
});
