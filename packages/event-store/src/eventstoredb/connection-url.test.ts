import { expect, test } from 'vitest';
import { connectionUrl } from './connection-url.ts';

test('every call has credentials, those of the URL if it has any', () => {
  expect(connectionUrl('esdb://localhost:2113?tls=false').credentials.username).not.toBe('');
  expect(connectionUrl('esdb://ops:change%40it@db:2113').credentials).toEqual({
    username: 'ops',
    password: 'change@it',
  });
});

test('a server with TLS wants a name and a password', () => {
  expect(() => connectionUrl('esdb://localhost:2113')).toThrow('needs a user name');
});

test('each connection has settings of its own, or the client would share one', () => {
  const { textOf } = connectionUrl('esdb://localhost:2113?tls=false');
  expect([0, 1, 2].map(textOf)).toEqual([
    'esdb://localhost:2113?tls=false',
    'esdb://localhost:2113?tls=false&keepAliveInterval=10001',
    'esdb://localhost:2113?tls=false&keepAliveInterval=10002',
  ]);
});
