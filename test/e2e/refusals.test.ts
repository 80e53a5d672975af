import { providerNames, type ProviderName } from '@counterfoil/domain';
import { readSample } from '@counterfoil/providers/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { balancesAt } from '../support/balances.ts';
import { acknowledgementOf, deliver, signature } from '../support/deliver.ts';
import {
  type ArchivedWebhook,
  newestWebhook,
  type WebhookSummary,
} from '../support/inbound-webhook.ts';
import { creditOf, malformedBodies } from '../support/malformed.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { adminApiKey, type RunningSystem, runningSystem } from '../support/running-system.ts';

const startTimeoutMs = 60_000;
const testTimeoutMs = 30_000;

const bodyBytesOfFiveMegabytes = 5 * 1024 * 1024;

let system: RunningSystem;
beforeAll(async () => {
  system = await runningSystem();
  await openSampleAccounts(system.api);
  await fundAccount(system.api, { accountId: 'holder-1', asset: 'USD', amount: '500' });
}, startTimeoutMs);
afterAll(() => system?.stop());

const books = async () => {
  const head = await untilAtRest(system.database);
  return { head, balances: await balancesAt(system.api, head) };
};

const archived = () => system.api.list<WebhookSummary>('/v1/inbound-webhooks');

/** Nothing of what `work` does may reach the log, the balances or the archive. */
async function leavesNothing(work: () => Promise<void>) {
  const [booksBefore, archivedBefore] = [await books(), await archived()];
  await work();
  expect(await books()).toEqual(booksBefore);
  expect(await archived()).toEqual(archivedBefore);
}

const wrongCredential = (provider: ProviderName, body: Uint8Array) =>
  Object.fromEntries(
    Object.entries(signature(provider, body)).map(([name, value]) => [
      name,
      name === 'Key' || name === 'X-Request-Timestamp' ? value : changedFirst(value),
    ]),
  );

const changedFirst = (value: string) => `${value.startsWith('0') ? '1' : '0'}${value.slice(1)}`;

describe.each(providerNames)('a webhook of %s whose credential does not fit', (provider) => {
  const body = creditOf(provider);
  const missing = { status: 401, code: 'credential-missing' };
  const wrong = { status: 401, code: 'credential-wrong' };
  const refusal = async (headers: Readonly<Record<string, string>>) => {
    const { status, body: problem } = await deliver(system.url, provider, body, headers);
    return { status, code: (JSON.parse(problem) as { code: string }).code };
  };

  test('is refused with a wrong credential and leaves nothing', async () => {
    await leavesNothing(async () => {
      expect(await refusal(wrongCredential(provider, body))).toEqual(wrong);
    });
  });

  test('is refused without a credential and leaves nothing', async () => {
    await leavesNothing(async () => {
      expect(await refusal({})).toEqual(missing);
    });
  });

  test('is refused with the credential of another provider and leaves nothing', async () => {
    await leavesNothing(async () => {
      const other = provider === 'calypso' ? 'cryptofuse' : 'calypso';
      expect(await refusal(signature(other, body))).toEqual(missing);
    });
  });
});

// CryptoMate is not among them: it sends a shared secret, which says nothing about the bytes.
test.each(providerNames.filter((provider) => provider !== 'cryptomate'))(
  'a webhook of %s of which one bit was flipped is refused and leaves nothing',
  async (provider) => {
    await leavesNothing(async () => {
      const body = creditOf(provider);
      const flipped = Uint8Array.from(body);
      const last = flipped.length - 2;
      flipped[last] = (flipped[last] ?? 0) ^ 1;
      const headers = signature(provider, body);
      expect((await deliver(system.url, provider, flipped, headers)).status).toBe(401);
    });
  },
);

describe('an authentic webhook that is not understood is acknowledged and kept, and changes nothing', () => {
  const cases = providerNames
    .flatMap((provider) => malformedBodies(provider))
    .map((malformed) => [malformed.provider, malformed.name, malformed] as const);

  test.each(cases)(
    '%s: %s',
    async (_provider, _name, { provider, body, code }) => {
      const before = await books();
      const answer = await deliver(system.url, provider, body);
      expect(answer).toEqual({ status: 200, body: acknowledgementOf(provider) });
      expect(await books()).toEqual(before);
      const { id } = await newestWebhook(system.api);
      const webhook = await system.api.get<ArchivedWebhook>(`/v1/inbound-webhooks/${id}`);
      expect(webhook).toMatchObject({
        provider,
        status: 'quarantined',
        canonicalEvents: [],
        recordedEvents: [],
      });
      expect(webhook.reason?.code).toBe(code);
      expect(Buffer.from(webhook.body, webhook.bodyEncoding).equals(body)).toBe(true);
    },
    testTimeoutMs,
  );
});

describe('a request for a decision', () => {
  const path = 'cryptomate/constructed/c/cards-authorization-pending.json';
  const declined = { status: 200, body: '{"response_code":"05"}' };

  test('that is not understood is declined and kept', async () => {
    const before = await books();
    const body = readSample(path).subarray(0, 200);
    expect(await deliver(system.url, 'cryptomate', body)).toEqual(declined);
    expect(await books()).toEqual(before);
    expect(await newestWebhook(system.api)).toMatchObject({
      status: 'quarantined',
      reason: { code: 'payload-malformed' },
    });
  });

  test(
    'that was sent too long ago is declined and holds nothing',
    async () => {
      const { balances } = await books();
      const headers = {
        ...signature('cryptomate', readSample(path)),
        'X-Request-Timestamp': String(Date.now() - 60_000),
      };
      expect(await deliver(system.url, 'cryptomate', readSample(path), headers)).toEqual(declined);
      expect((await books()).balances).toEqual(balances);
    },
    testTimeoutMs,
  );
});

describe('a webhook that cannot be taken', () => {
  test.each(providerNames)(
    'of %s is refused above a mebibyte, also when it is authentic',
    async (provider) => {
      await leavesNothing(async () => {
        const padding = `"note": "${'x'.repeat(bodyBytesOfFiveMegabytes)}"`;
        const text = new TextDecoder().decode(creditOf(provider)).replace('{', `{${padding},`);
        const answer = await deliver(system.url, provider, new TextEncoder().encode(text));
        expect(answer.status).toBe(413);
        expect(JSON.parse(answer.body)).toMatchObject({ code: 'body-too-large' });
      });
    },
  );

  test.each([
    '/webhooks/stripe',
    '/webhooks/cryptomate/a-token-that-is-not-configured',
    '/webhooks',
  ])('at %s finds nothing there', async (path) => {
    await leavesNothing(async () => {
      const body = creditOf('cryptomate');
      const answer = await fetch(`${system.url}${path}`, {
        method: 'POST',
        headers: signature('cryptomate', body),
        body: new Uint8Array(body),
      });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'route-not-found' });
    });
  });

  test('by another method finds nothing that takes it', async () => {
    await leavesNothing(async () => {
      const answer = await fetch(`${system.url}/webhooks/cryptomate`);
      expect(answer.status).toBe(405);
      expect(await answer.json()).toMatchObject({ code: 'method-not-allowed' });
    });
  });
});

test('a quarantined webhook that is tried again stays where it is', async () => {
  const quarantined = await system.api.list<WebhookSummary>(
    '/v1/inbound-webhooks?status=quarantined',
  );
  const before = await books();
  const [first] = quarantined;
  const retried = await system.api.post(`/v1/inbound-webhooks/${first?.id}/retry`, {});
  expect(retried).toMatchObject({ id: first?.id, status: 'quarantined', reason: first?.reason });
  expect(await books()).toEqual(before);
});

describe('a command that cannot be done is refused by its code and changes nothing', () => {
  const adjustments = '/v1/accounts/holder-1/adjustments';
  const adjustment = { asset: 'USD', amount: '1.00', direction: 'credit', reason: 'a test' };
  const text = (changes: object) => JSON.stringify({ ...adjustment, ...changes });
  const cases: readonly (readonly [
    string,
    number,
    string,
    string,
    string | Uint8Array<ArrayBuffer>,
  ])[] = [
    ['truncated JSON', 400, 'request-malformed', adjustments, text({}).slice(0, 30)],
    ['an amount that is a number', 400, 'request-malformed', adjustments, text({ amount: 1.5 })],
    ['a key that nobody documented', 400, 'request-malformed', adjustments, text({ note: 'x' })],
    ['a null byte', 400, 'request-malformed', adjustments, text({ reason: 'a\u0000b' })],
    [
      'a key given twice',
      400,
      'request-malformed',
      adjustments,
      text({}).replace('{', '{"asset":"EUR",'),
    ],
    ['deep nesting', 400, 'request-malformed', adjustments, '['.repeat(20_000)],
    [
      'bytes that are not UTF-8',
      400,
      'request-malformed',
      adjustments,
      new Uint8Array([0x22, 0xff, 0x22]),
    ],
    ['an amount in words', 400, 'amount-malformed', adjustments, text({ amount: 'a lot' })],
    ['a negative amount', 422, 'amount-negative', adjustments, text({ amount: '-1.00' })],
    ['nothing', 422, 'amount-not-positive', adjustments, text({ amount: '0' })],
    ['too many decimals', 422, 'amount-too-precise', adjustments, text({ amount: '0.0000001' })],
    ['more than the bound', 422, 'amount-too-large', adjustments, text({ amount: '1000000001' })],
    ['an asset that nobody knows', 422, 'asset-unknown', adjustments, text({ asset: 'DOGE:MOON' })],
    [
      'a body of five megabytes',
      413,
      'body-too-large',
      adjustments,
      'x'.repeat(bodyBytesOfFiveMegabytes),
    ],
    ['an account that is not there', 404, 'account-not-found', '/v1/accounts/nobody/freeze', '{}'],
  ];

  test.each(cases)('%s', async (_name, status, code, path, body) => {
    await leavesNothing(async () => {
      const answer = await fetch(`${system.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminApiKey}`, 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ status, code });
    });
  });

  test.each([
    ['api-key-missing', {}],
    ['api-key-wrong', { authorization: 'Bearer cf_admin.not-the-key' }],
  ] as const)('%s', async (code, headers) => {
    await leavesNothing(async () => {
      const answer = await fetch(`${system.url}${adjustments}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: text({}),
      });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code });
    });
  });
});

describe('while one credential replaces another', () => {
  const token = 'an-unguessable-last-path-part';
  let changing: RunningSystem;
  beforeAll(async () => {
    changing = await runningSystem({
      CRYPTOFUSE_WEBHOOK_SECRET: 'whsk_NEW0NEW1NEW2NEW3NEW4,whsk_TEST0TEST1TEST2TEST3TEST4',
      FOURPAY_WEBHOOK_SECRET: 'test-4pay-secret-that-replaced-the-other',
      CALYPSO_API_KEY: '',
      CALYPSO_SECRET: '',
      CRYPTOMATE_PATH_TOKEN: token,
    });
  }, startTimeoutMs);
  afterAll(() => changing?.stop());

  test('the old one is still accepted while both are configured', async () => {
    expect(await deliver(changing.url, 'cryptofuse', creditOf('cryptofuse'))).toMatchObject({
      status: 200,
    });
  });

  test('the old one is refused once it is gone', async () => {
    expect(await deliver(changing.url, '4pay', creditOf('4pay'))).toMatchObject({ status: 401 });
  });

  test('a provider without one is off', async () => {
    expect(await deliver(changing.url, 'calypso', creditOf('calypso'))).toMatchObject({
      status: 404,
    });
  });

  test('a provider with a path token has no other URL', async () => {
    const body = creditOf('cryptomate');
    const at = async (path: string) =>
      (
        await fetch(`${changing.url}${path}`, {
          method: 'POST',
          headers: signature('cryptomate', body),
          body: new Uint8Array(body),
        })
      ).status;
    expect(await at('/webhooks/cryptomate')).toBe(404);
    expect(await at(`/webhooks/cryptomate/${token}x`)).toBe(404);
    expect(await at(`/webhooks/cryptomate/${token}`)).toBe(200);
  });
});
