import { type Environment, parseConfig } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { providerConfig, providerConfigFaults, providersFrom } from './provider-config.ts';

const faultyVariables = (environment: Environment) =>
  providerConfigFaults(environment).map(({ variable }) => variable);

const calypsoCredentials = (environment: Environment) =>
  providersFrom(parseConfig(providerConfig, environment)).calypso?.credentials;

test('a provider without any credential is off', () => {
  expect(faultyVariables({})).toEqual([]);
  expect(calypsoCredentials({})).toBeUndefined();
});

test('half a credential is a fault, not a provider that is off', () => {
  expect(faultyVariables({ CALYPSO_API_KEY: 'key' })).toEqual(['CALYPSO_SECRET']);
  expect(faultyVariables({ CALYPSO_SECRET: 'secret' })).toEqual(['CALYPSO_API_KEY']);
});

test('keys and secrets that cannot be paired are a fault', () => {
  const environment = { CALYPSO_API_KEY: 'a,b', CALYPSO_SECRET: '1,2,3' };
  expect(faultyVariables(environment)).toEqual(['CALYPSO_SECRET']);
});

test.each([
  [
    'a,b',
    '1,2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  [
    'a',
    '1,2',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
  [
    'a,b',
    '1',
    [
      ['a', '1'],
      ['b', '1'],
    ],
  ],
])('the keys %s and the secrets %s belong together', (keys, secrets, pairs) => {
  const environment = { CALYPSO_API_KEY: keys, CALYPSO_SECRET: secrets };
  expect(faultyVariables(environment)).toEqual([]);
  expect(calypsoCredentials(environment)?.map(({ key, secret }) => [key, secret])).toEqual(pairs);
});
