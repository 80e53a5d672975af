import { gzipSync } from 'node:zlib';
import { instant } from '@counterfoil/domain';
import {
  readSample,
  sampleAdapters,
  sampleConfiguration,
  signedWebhook,
} from '@counterfoil/providers/testing';
import { parseConfig } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, it } from 'vitest';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import { providerConfig, providersFrom } from '../provider-config.ts';
import { newestFirst } from '../testing/delivery.ts';
import { testBounds } from '../testing/test-gateway.ts';
import { adaptersByCredential } from './adapters-by-credential.ts';
import { inMemoryRejectedDeliveries } from './in-memory-rejected-deliveries.ts';
import { verifyAgain } from './verify-again.ts';

const { calypso, cryptomate } = sampleAdapters();

it('goes on where it was cut off between taking a webhook and forgetting it', async () => {
  const clock = manualClock();
  const inbox = inMemoryInbox();
  const rejected = inMemoryRejectedDeliveries({ clock, bounds: testBounds });
  for (const name of ['invoice-paid', 'invoice-expired']) {
    const webhook = signedWebhook(calypso, readSample(`calypso/constructed/${name}.json`));
    rejected.keep({
      ...webhook,
      receivedAt: instant(clock.now()),
      deliveryId: name,
      provider: 'calypso',
      code: 'credential-wrong',
    });
  }
  const remove = () => Promise.reject(new Error('the database is away'));
  const cutOff = { inbox, rejected: { ...rejected, remove } };
  await expect(verifyAgain(cutOff, 'calypso', [calypso])).rejects.toThrow('the database is away');
  expect(await verifyAgain({ inbox, rejected }, 'calypso', [calypso])).toEqual({
    accepted: 2,
    refused: 0,
  });
  expect(await inbox.list(newestFirst)).toMatchObject([
    { id: 'invoice-expired', status: 'received' },
    { id: 'invoice-paid', status: 'received' },
  ]);
  expect(await verifyAgain({ inbox, rejected }, 'calypso', [calypso])).toEqual({
    accepted: 0,
    refused: 0,
  });
});

it.each([
  ['cryptomate', 'CRYPTOMATE_WEBHOOK_KEY', 'another-key'],
  ['cryptofuse', 'CRYPTOFUSE_WEBHOOK_SECRET', 'whsk_NEW0NEW1NEW2NEW3NEW4'],
  ['4pay', 'FOURPAY_WEBHOOK_SECRET', 'another-secret'],
  ['calypso', 'CALYPSO_SECRET', 'another-secret'],
  ['standard', 'STANDARD_WEBHOOK_SECRET', 'whsec_YW5vdGhlci1zdGFuZGFyZC13ZWJob29rLXNlY3JldC0wMDI='],
] as const)(
  '%s: takes what the second of two credentials vouches for, and nothing else',
  async (provider, variable, other) => {
    const { variables } = sampleConfiguration;
    const adaptersWith = (credentials: string) => {
      const config = parseConfig(providerConfig, { ...variables, [variable]: credentials });
      return adaptersByCredential(providersFrom(config)).get(provider) ?? [];
    };
    const clock = manualClock();
    const inbox = inMemoryInbox();
    const rejected = inMemoryRejectedDeliveries({ clock, bounds: testBounds });
    const receivedAt = instant(clock.now());
    const body = Buffer.from('{"probe":1}');
    const signed = sampleAdapters()[provider].sign(body, receivedAt);
    const headers = new Map(
      Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const kept = {
      provider,
      receivedAt,
      body,
      code: 'credential-wrong',
      deliveryId: 'one',
    } as const;
    rejected.keep({ ...kept, headers });
    const again = (credentials: string) =>
      verifyAgain({ inbox, rejected }, provider, adaptersWith(credentials));
    expect(await again(other)).toEqual({ accepted: 0, refused: 1 });
    expect(await again(`${other},${variables[variable]}`)).toEqual({ accepted: 1, refused: 0 });
    expect(await inbox.list(newestFirst)).toMatchObject([{ id: 'one', provider }]);
  },
);

it('knows a compressed webhook by what is in it, as if it had been taken at once', async () => {
  const clock = manualClock();
  const inbox = inMemoryInbox();
  const rejected = inMemoryRejectedDeliveries({ clock, bounds: testBounds });
  const plain = signedWebhook(
    cryptomate,
    readSample('cryptomate/constructed/c/cards-deposit-success.json'),
  );
  const verified = cryptomate.webhooks.verify(plain);
  const identified = verified.ok ? cryptomate.webhooks.identify(verified.value) : null;
  rejected.keep({
    headers: new Map([...plain.headers, ['content-encoding', 'gzip']]),
    body: gzipSync(plain.body),
    receivedAt: instant(clock.now()),
    deliveryId: 'compressed',
    provider: 'cryptomate',
    code: 'credential-wrong',
  });
  expect(await verifyAgain({ inbox, rejected }, 'cryptomate', [cryptomate])).toMatchObject({
    accepted: 1,
  });
  const { eventKey, bodySha256 } = identified ?? {};
  expect(eventKey).toEqual(expect.any(String));
  expect(await inbox.list(newestFirst)).toMatchObject([{ id: 'compressed', eventKey, bodySha256 }]);
});
